import { expect } from 'chai';
import { startAdminApp, type AdminTestApp } from '../../admin/support.js';
import { comeAs } from '../../consultations/fixtures.js';
import { begin, CAPITAL, makeTest } from '../../assessments/fixtures.js';
import type { Visitor } from '../../../support/test-app.js';
import { differences, snapshotOf } from '../../../support/snapshot.js';

describe('viewing a course as a student', () => {
  let testApp: AdminTestApp;
  let teacher: Visitor;
  let student: Visitor;
  let methodist: Visitor;
  beforeEach(async () => {
    testApp = await startAdminApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
    methodist = await comeAs(testApp, 'methodist', { person: '3', course: '2' });
  });
  afterEach(() => testApp.close());

  const idOf = async (sub: string): Promise<string> => {
    const person = await testApp.storage.connection.model('Person').findOne({ sub }).lean<{ _id: unknown }>();
    return String(person!._id);
  };
  const viewAs = (visitor: Visitor, person = '') => visitor.json('POST', 'view-as', { person });
  const bar = async (visitor: Visitor): Promise<string> =>
    /<form[^>]*class="container viewing"[^>]*>[^]*?<strong>([^<]*)/.exec(
      (await visitor.get('?lang=en')).body,
    )?.[1] ?? '';

  it('a teacher sees what students see, changes nothing, and comes back', async () => {
    const test = await makeTest(teacher, { title: 'Столицы' }, [CAPITAL]);
    expect((await viewAs(teacher)).status).to.equal(303);
    expect(await bar(teacher)).to.equal('You are viewing as a student.');
    expect((await teacher.json('GET', 'tests/new')).status).to.be.oneOf([403, 404]);
    expect((await teacher.json('GET', `tests/${test}/results`)).status).to.equal(403);
    const before = await snapshotOf(testApp);
    const refused = await teacher.json('POST', `tests/${test}/attempts`);
    expect(refused.status).to.equal(403);
    expect((refused.data as { code: string }).code).to.equal('viewing-only');
    expect((await teacher.json('POST', 'view-as', { person: '' })).status).to.equal(403);
    expect(differences(before, await snapshotOf(testApp))).to.deep.equal([]);
    expect((await teacher.json('POST', 'view-as/leave')).status).to.equal(303);
    expect(await bar(teacher)).to.equal('');
    expect((await teacher.json('GET', `tests/${test}/results`)).status).to.equal(200);
  });

  it('a methodist sees a student’s own pages; the log knows who looked', async () => {
    const test = await makeTest(teacher, { title: 'Столицы' }, [CAPITAL]);
    const attempt = await begin(student, test);
    const chosen = await idOf('101');
    const page = await methodist.json('GET', 'view-as');
    expect((page.data as { students: { id: string }[] }).students.map(({ id }) => id)).to.include(chosen);
    expect((await viewAs(methodist, chosen)).status).to.equal(303);
    expect(await bar(methodist)).to.match(/^You are viewing as: \p{L}+ /u);
    const path = /tests\/.*$/.exec(attempt)![0];
    expect((await methodist.get(path)).status).to.equal(200);
    const before = await snapshotOf(testApp);
    for (const [method, address, body] of [
      ['PUT', `${path}/answers/1`, { response: ['1'], revision: 0, save: 'save-00000001' }],
      ['POST', `${path}/finish`, {}],
      ['POST', 'grades/again', {}],
    ] as const) {
      expect((await methodist.json(method, address, body)).status, address).to.equal(403);
    }
    expect(differences(before, await snapshotOf(testApp))).to.deep.equal([]);
    await methodist.json('POST', 'view-as/leave');

    await testApp.make();
    const admin = await testApp.enter();
    const { entries } = await admin.data<{
      entries: { action: string; actor: { id: string; name: string }; effective: { id: string } | null }[];
    }>('/admin/audit');
    const [ended, begun] = entries.filter(({ action }) => action.startsWith('viewing'));
    expect([ended!.action, begun!.action]).to.deep.equal(['viewing-ended', 'viewing-begun']);
    for (const entry of [ended!, begun!]) {
      expect(entry.actor.id).to.equal(await idOf('3'));
      expect(entry.actor.name).to.match(/\p{L}/u);
      expect(entry.effective?.id).to.equal(chosen);
    }
  });

  it('allows student view to teachers only, as a student of this course', async () => {
    await testApp.launch({ person: '135', course: '3' });
    const chosen = await idOf('101');
    expect((await student.get('view-as')).status).to.equal(403);
    expect((await viewAs(student)).status).to.equal(403);
    expect((await viewAs(teacher, chosen)).status).to.equal(403);
    expect((await teacher.json('GET', 'view-as')).data).to.deep.equal({ students: [] });
    expect((await viewAs(methodist, await idOf('11'))).status).to.equal(404);
    expect((await viewAs(methodist, await idOf('135'))).status).to.equal(404);
    expect((await viewAs(methodist, '0'.repeat(24))).status).to.equal(404);
    expect((await viewAs(methodist, 'x')).status).to.equal(400);
    expect((await methodist.json('POST', 'view-as/leave')).status).to.equal(404);
    expect(await bar(methodist)).to.equal('');
  });

  it('is of one course, and ends with the next launch', async () => {
    const both = await testApp.launch({ person: '11', course: '2', browser: teacher.browser });
    await viewAs(both);
    expect(await bar(both)).not.to.equal('');
    const again = await testApp.launch({ person: '11', course: '2', browser: teacher.browser });
    expect(await bar(again)).to.equal('');
  });
});

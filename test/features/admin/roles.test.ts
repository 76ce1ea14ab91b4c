import { expect } from 'chai';
import { renew, snapshotOf, type Snapshot } from '../../support/snapshot.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from './support.js';

describe('roles of a platform, in the administration', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  let path: string;
  let kept: Snapshot;
  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    kept = await snapshotOf(testApp);
  });
  beforeEach(async () => {
    await renew(testApp, kept);
    admin = await testApp.enter();
    path = `/admin/platforms/${testApp.registration.id}`;
  });
  after(() => testApp.close());

  interface Rows {
    rows: { uri: string; common: string; role: string }[];
    version: string;
  }
  const rows = () => admin.data<Rows>(`${path}/roles`);
  const save = async (rules: Record<string, string>, version?: string) => {
    const body = new URLSearchParams({
      csrf: await admin.csrf('/admin'),
      version: version ?? (await rows()).version,
    });
    for (const [uri, role] of Object.entries(rules)) {
      body.append('uri', uri);
      body.append('role', role);
    }
    return admin.browser.request(`${testApp.origin}${path}/roles`, {
      method: 'POST',
      body: body.toString(),
      from: testApp.origin,
    });
  };
  const roleIn = async (person: string): Promise<string> => {
    const visitor = await testApp.launch({ person, course: '2' });
    const page = await visitor.get('?lang=en');
    return /<p class="who">[^<]*, ([^<,]+?)\s*<\/p>/.exec(page.body)?.[1] ?? '';
  };

  it('shows the usual meaning of the common ones', async () => {
    const found = (await rows()).rows;
    expect(found.find(({ uri }) => uri === 'membership#Instructor')).to.include({
      common: 'teacher',
      role: '',
    });
    expect(found.find(({ uri }) => uri === 'institution/person#Faculty')).to.include({ common: 'student' });
    expect(found.filter(({ uri }) => uri === '')).to.have.length(3);
  });

  it('are changed, noted, and count from the next launch on; and back again', async () => {
    expect(await roleIn('101')).to.equal('Student');
    const saved = await save({ 'membership#Learner': 'assistant', 'urn:school:zavuch': 'methodist', '': '' });
    expect(saved.url).to.contain('rolesSaved');
    expect(await roleIn('101')).to.equal('Assistant');
    expect((await rows()).rows.find(({ uri }) => uri === 'urn:school:zavuch')).to.include({
      role: 'methodist',
    });
    const { entries } = await admin.data<{ entries: object[] }>('/admin/audit');
    expect(entries[0]).to.deep.include({
      action: 'platform-roles',
      changes: [
        { field: 'membership#Learner', before: '', after: 'assistant' },
        { field: 'urn:school:zavuch', before: '', after: 'methodist' },
      ],
    });
    await save({ 'membership#Learner': '' });
    expect(await roleIn('101')).to.equal('Student');
  });

  it('are kept when the platform is registered again', async () => {
    await save({ Mentor: 'assistant' });
    await testApp.app.lti.registrations.add({ ...testApp.registration, name: 'Снова' });
    expect((await rows()).rows.find(({ uri }) => uri === 'membership#Mentor')).to.include({
      role: 'assistant',
    });
  });

  it('wrong ones are named, and what was typed stays', async () => {
    const wrong = await save({ 'membership#Learner': 'assistant', 'no role': 'teacher' });
    expect(wrong.status).to.equal(400);
    expect((await save({ Mentor: 'king' })).status).to.equal(400);
    expect((await rows()).rows.filter(({ role }) => role !== '')).to.deep.equal([]);
  });

  it('returns a conflict to the second of two concurrent changes', async () => {
    const { version } = await rows();
    await save({ Mentor: 'assistant' }, version);
    const late = await save({ Mentor: 'teacher' }, version);
    expect(late.status).to.equal(409);
    expect((await rows()).rows.find(({ uri }) => uri === 'membership#Mentor')).to.include({
      role: 'assistant',
    });
  });
});

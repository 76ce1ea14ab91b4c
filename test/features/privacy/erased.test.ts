import { expect } from 'chai';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HOUR } from '../../../src/shared/clock.js';
import type { Visitor } from '../../support/test-app.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from '../admin/support.js';

const NAME = 'Незабвенный';

describe('an erased person', () => {
  let folder: string;
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  let teacher: Visitor;
  let student: Visitor;
  let sub: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-erased-'));
    testApp = await startAdminApp({ databaseUrl: `file:${path.join(folder, 'data.db')}` });
    await testApp.make();
    await testApp.app.jobs.stop();
    sub = testApp.lms.control.addPerson({ familyName: NAME, givenName: NAME }).id;
    testApp.lms.control.enrol('2', sub, 'student');
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: sub, course: '2' });
    await readRoster();
    admin = await testApp.enter();
    const person = await people().findOne({ sub }).lean<{ _id: unknown }>();
    const erased = await admin.post(
      `/admin/people/${String(person?._id)}/erase`,
      { sure: 'on' },
      { page: '/admin' },
    );
    expect(erased.status, erased.text).to.equal(200);
    await testApp.app.jobs.drain();
  });
  afterEach(async () => {
    await testApp.close();
    await rm(folder, { recursive: true, force: true });
  });

  const people = () => testApp.storage.connection.model('Person');
  async function readRoster(): Promise<void> {
    testApp.clock.advance(HOUR);
    const members = ['11', sub].map((id) => ({ user_id: id, roles: ['Learner'], family_name: NAME }));
    testApp.lms.control.faults.clear();
    testApp.lms.control.faults.fail('nrps', { status: 200, body: JSON.stringify({ members }) });
    await teacher.submit('people/refresh');
    await testApp.app.jobs.drain();
  }

  it('is not brought back by the next roster, and is a new person at a launch of their own', async () => {
    await readRoster();
    expect(await people().countDocuments({ 'name.surname': NAME })).to.equal(0);
    expect(await people().countDocuments({ sub })).to.equal(0);
    expect((await teacher.get('people/')).body).not.to.contain(NAME);
    const again = await testApp.launch({ person: sub, course: '2' });
    expect((await again.get('')).status).to.equal(200);
    await readRoster();
    expect(await people().countDocuments({ sub })).to.equal(1);
  });

  it('has no session left', async () => {
    expect((await student.get('')).status).to.equal(401);
    const sessions = await testApp.storage.connection.model('Session').find().lean();
    expect(JSON.stringify(sessions)).not.to.contain(NAME);
  });

  it('leaves the name in no byte of the database’s files', async () => {
    for (const file of await readdir(folder)) {
      const bytes = await readFile(path.join(folder, file));
      expect(bytes.includes(NAME), file).to.equal(false);
      expect(bytes.includes(NAME.toLocaleLowerCase('ru')), file).to.equal(false);
    }
  });
});

import { expect } from 'chai';
import type { Request } from 'express';
import { pino } from 'pino';
import type { AdminVisitor } from '../../admin/support.js';
import { startAdminApp, type AdminTestApp } from '../../admin/support.js';
import { launchLink } from '../../../support/lms.js';
import { LaunchLog } from '../../../../src/features/launch/log/launches.service.js';
import type { LaunchesStore, PreparedLaunch } from '../../../../src/features/launch/log/launches.store.js';
import { CLAIM } from '../../../../src/lti/index.js';

interface Summary {
  id: string;
  requestId: string;
  platform: string;
  accepted: boolean;
  code: string;
  stage: string;
}
interface Detail extends Summary {
  advice: string | null;
  verified: boolean;
  loginIn: string;
  services: string[];
  claims: { name: string; value: string }[];
}

describe('the log of launches', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  beforeEach(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    admin = await testApp.enter();
  });
  afterEach(() => testApp.close());

  const list = async (query = ''): Promise<Summary[]> =>
    (await admin.data<{ launches: Summary[] }>(`/admin/launches${query}`)).launches;
  const detail = async (id: string): Promise<Detail> =>
    (await admin.data<{ launch: Detail }>(`/admin/launches/${id}`)).launch;
  const refusedLaunch = (change: Record<string, unknown>) =>
    launchLink(testApp.lms, {
      person: '101',
      course: '2',
      forge: ({ claims }) => ({ ...claims, ...change }),
    });

  it('holds no look at the launch address, as an LMS takes when a link is saved', async () => {
    expect((await fetch(`${testApp.origin}/lti/launch`)).status).to.equal(405);
    expect((await fetch(`${testApp.origin}/lti/launch`, { method: 'HEAD' })).status).to.equal(405);
    expect(await list()).to.deep.equal([]);
    expect((await fetch(`${testApp.origin}/lti/launch`, { method: 'POST' })).status).to.be.within(400, 415);
    expect(await list()).to.have.length(1);
  });

  it('keeps little of a token that no platform has signed, in memory and in the file', async () => {
    const fields = Object.fromEntries(
      Array.from({ length: 40 }, (_, field) => [`${field}`.padEnd(40, 'f'), 1]),
    );
    const huge = Object.fromEntries(
      Array.from({ length: 80 }, (_, claim) => [`${claim}`.padEnd(100, 'c'), fields]),
    );
    for (let round = 0; round < 20; round += 1) {
      const { response } = await launchLink(testApp.lms, {
        person: '101',
        course: '2',
        forge: ({ header, claims }) =>
          [header, { ...claims, ...huge }, 'x']
            .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
            .join('.'),
      });
      expect(response.status).to.equal(403);
    }
    expect(await list()).to.have.length(20);
    const rows = await testApp.storage.connection.model('LoggedLaunch').find().lean();
    expect(JSON.stringify(rows).length / rows.length).to.be.below(10_000);
  });

  it('keeps two megabytes at most between two writes', async () => {
    const appended: PreparedLaunch[] = [];
    const launchLog = new LaunchLog({
      store: {
        prepare: (launch) => ({ row: launch, bytes: JSON.stringify(launch).length }),
        append: (launches) => Promise.resolve(void appended.push(...launches)),
        trim: () => Promise.resolve(),
      } as Partial<LaunchesStore> as LaunchesStore,
      log: pino({ level: 'silent' }),
      pepper: 'p',
    });
    for (let at = 0; at < 400; at += 1) {
      launchLog.record({
        ...{ at: new Date(), stage: 'launch', refusal: null, milliseconds: 1, verified: true },
        payload: Object.fromEntries(
          Array.from({ length: 79 }, (_, claim) => [`iss${claim}`, 'x'.repeat(300)]),
        ),
        unreadable: ['x'.repeat(20_000)],
        req: { page: { id: 'x' } } as Request,
      });
    }
    await launchLog.flush();
    const bytes = appended.reduce((sum, launch) => sum + launch.bytes, 0);
    expect(bytes).to.be.within(1_900_000, 2_100_000);
  });

  it('tells of a launch that was taken in, and masks who it was', async () => {
    const visitor = await testApp.launch({ person: '101', course: '2' });
    const [launch] = await list();
    expect(launch).to.include({ accepted: true, code: '', platform: 'Демо', stage: 'launch' });
    const shown = await detail(launch!.id);
    expect(shown).to.include({ verified: true, loginIn: 'cookie', advice: null });
    expect(shown.services).to.include.members(['AGS score', 'NRPS']);
    const values = new Map(shown.claims.map(({ name, value }) => [name, value]));
    expect(values.get('lti/claim/context.id')).to.equal('2');
    expect(values.get('family_name')).to.equal('•••');
    expect(values.get('sub')).to.match(/^#[0-9a-f]{8}$/);

    const people = testApp.storage.connection.model('Person');
    const { name, email } = (await people.findOne({ sub: '101' }).lean<{
      name: { surname: string; givenName: string };
      email: string;
    }>())!;
    const kept = JSON.stringify(await testApp.storage.connection.model('LoggedLaunch').find().lean());
    const { text } = await admin.get(`/admin/launches/${launch!.id}`);
    for (const personal of [
      name.surname,
      name.givenName,
      email,
      visitor.browser.cookie(testApp.origin, 'nastavnik')!,
    ]) {
      expect(personal).not.to.equal('');
      expect(kept).not.to.contain(personal);
      expect(text).not.to.contain(personal);
    }
    expect(kept, 'a token').not.to.match(/eyJ[\w-]+\.eyJ/);
  });

  it('names each service that the platform offers once', async () => {
    const groups = { context_groups_url: `${testApp.lms.origin}/groups`, service_versions: ['1.0'] };
    await refusedLaunch({ [CLAIM.groups]: groups, [CLAIM.deploymentId]: '77' });
    const [launch] = await list();
    const { services } = await detail(launch!.id);
    expect(services.filter((service) => /groups/i.test(service))).to.deep.equal(['Groups']);
  });

  it('says of a refused one why, and what to do; the number on its error page finds it', async () => {
    await testApp.launch({ person: '101', course: '2' });
    const { response } = await refusedLaunch({ [CLAIM.deploymentId]: '77' });
    const [found, ...rest] = await list(`?request=${response.headers.get('x-request-id') ?? ''}`);
    expect(rest).to.deep.equal([]);
    expect(found).to.include({ accepted: false, code: 'lti-unknown-deployment' });
    expect((await detail(found!.id)).advice).to.equal('deployment');
    const { text } = await admin.get(`/admin/launches/${found!.id}?lang=ru`);
    expect(text)
      .to.contain('Это развёртывание не зарегистрировано')
      .and.contain('одобрите его на странице СДО');
    expect((await list('?result=refused')).map(({ id }) => id)).to.deep.equal([found!.id]);
    expect(await list('?result=accepted')).to.have.length(1);
    expect(await list(`?platform=${testApp.registration.id}`)).to.have.length(2);
    expect(await list(`?platform=${'0'.repeat(24)}`)).to.deep.equal([]);
  });

  it('tells of logins that were refused, of lost cookies, and of forged tokens as not verified', async () => {
    await admin.browser.post(
      `${testApp.origin}/lti/login`,
      { iss: 'https://nobody.example.org', login_hint: '1', target_link_uri: `${testApp.origin}/lti/launch` },
      { from: 'https://nobody.example.org' },
    );
    expect((await list())[0]).to.include({ stage: 'login', code: 'lti-unknown-platform', platform: '' });
    await launchLink(testApp.lms, {
      person: '101',
      course: '2',
      changePost: { state: `x${'a'.repeat(30)}` },
    });
    const [lost] = await list();
    expect(lost!.code).to.be.oneOf(['lti-state-cookie', 'lti-state']);
    await launchLink(testApp.lms, {
      person: '101',
      course: '2',
      forge: ({ jwt }) => `${jwt.slice(0, -8)}AAAAAAAA`,
    });
    const [forged] = await list();
    expect(forged).to.include({ code: 'lti-token-refused', platform: 'Демо' });
    expect((await detail(forged!.id)).verified).to.equal(false);
    expect((await admin.get(`/admin/launches/${forged!.id}?lang=en`)).text).to.contain('cannot be trusted');
  });

  it('keeps the last thousand: a flood of unverified launches does not push out the rest', async () => {
    await testApp.launch({ person: '101', course: '2' });
    await list();
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(
        Array.from({ length: 60 }, () =>
          fetch(`${testApp.origin}/lti/login`, { method: 'POST', body: new URLSearchParams({ iss: 'x' }) }),
        ),
      );
      await list();
    }
    const rows = testApp.storage.connection.model('LoggedLaunch');
    expect(await rows.countDocuments({ verified: false, accepted: false })).to.be.within(200, 250);
    expect(await rows.countDocuments({ verified: true, accepted: true })).to.equal(1);
  });

  it('a log that cannot be written fails no launch', async () => {
    const rows = testApp.storage.connection.model('LoggedLaunch').collection;
    const insertMany = rows.insertMany.bind(rows);
    rows.insertMany = () => Promise.reject(new Error('no space left'));
    try {
      const visitor = await testApp.launch({ person: '101', course: '2' });
      expect(visitor.landing?.status).to.equal(200);
      expect(await list()).to.deep.equal([]);
    } finally {
      rows.insertMany = insertMany;
    }
    await testApp.launch({ person: '101', course: '2' });
    expect(await list()).to.have.length(1);
  });

  it('a row that a process of the version before writes after the migration is read like any other', async () => {
    await testApp.launch({ person: '101', course: '2' });
    const [launch] = await list();
    const rows = testApp.storage.connection.model('LoggedLaunch').collection;
    const [row] = await rows.find({}).toArray();
    const { details, ...rest } = row as unknown as { details: string };
    await rows.deleteMany({});
    await rows.insertOne({ ...rest, ...(JSON.parse(details) as object) });
    expect(await list()).to.deep.equal([launch]);
    const shown = await detail(launch!.id);
    expect(shown).to.include({ loginIn: 'cookie' });
    expect(shown.services).to.include('NRPS');
    expect(shown.claims.map(({ name }) => name)).to.include('sub');
  });

  it('what waits is written when the testApp is closed', async () => {
    await testApp.launch({ person: '101', course: '2' });
    await testApp.app.features.launches.writer.stop();
    expect(await testApp.storage.connection.model('LoggedLaunch').countDocuments({})).to.equal(1);
  });
});

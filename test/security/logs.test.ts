import { expect } from 'chai';
import { createLog } from '../../src/log.js';
import { setStage } from '../flows/stage.js';
import { Browser, launchLink, launchSelection } from '../support/lms.js';
import { LOGIN, PASSWORD, startAdminApp, TERMINAL, type AdminTestApp } from '../features/admin/support.js';

/** What an LMS says of a grade that it refuses, of its people, and in place of a token. */
const WORDS = 'Оценка Абрамова Абрам pupil@example.org не принята, токен eyJhbGciOi.eyJzdWIiOiIx.c2ln';
const ACCESS = 'the-access-token-of-a-day';

/**
 * OWASP ASVS 4.0.3, 7.1.1 and 7.1.2: with the log as talkative as it gets, through something of every room, and
 * through failures of every kind, no line says whose lesson it was or lets anybody in.
 */
describe('security: the log of a whole story', function () {
  this.timeout(120_000);
  let testApp: AdminTestApp;
  let log = '';
  const secrets: string[] = [ACCESS, PASSWORD, LOGIN];
  const student = { person: '101', course: '2', follow: false } as const;

  before(async () => {
    testApp = await startAdminApp({ logLevel: 'trace', logTo: { write: (line) => void (log += line) } });
    await inCourses();
    await refusedLaunches();
    await atTheAdministrators();
    await registering();
    await choosing();
    await withServicesThatFail();
    await withFaultsOfOurs();
  });
  after(() => testApp.close());

  async function inCourses(): Promise<void> {
    const stage = await setStage(testApp);
    testApp.lms.control.offerStorage('_parent');
    for (const visitor of Object.values(stage.visitors)) {
      secrets.push(await visitor.csrf());
      const cookie = visitor.browser.cookie(testApp.origin, 'nastavnik') ?? '';
      secrets.push(cookie, decodeURIComponent(cookie).slice(2, 30));
      await visitor.get('directory?search=Иванов');
      await visitor.get('/teachers?search=Тестов');
      await visitor.submit('tests', { title: 'Секретная контрольная Пушкина', email: 'pupil@example.org' });
    }
  }

  const noted = async (launching: ReturnType<typeof launchLink>): Promise<void> => {
    const { post } = await launching;
    if (post !== null) secrets.push(post.fields.id_token ?? '', post.fields.state ?? '');
  };

  /** One that is refused, one whose platform is down, one without cookies. */
  async function refusedLaunches(): Promise<void> {
    await noted(
      launchLink(testApp.lms, { ...student, forge: ({ claims }) => ({ ...claims, sub: { $ne: 1 } }) }),
    );
    testApp.lms.control.rotateKey({ keepOld: false });
    testApp.lms.control.faults.fail('jwks', { status: 503, times: 1 });
    await noted(launchLink(testApp.lms, student));
    testApp.clock.advance(60_000);
    const browser = new Browser({ framedBy: testApp.lms.origin, thirdParty: 'blocked' });
    await noted(launchLink(testApp.lms, { ...student, browser }));
  }

  async function atTheAdministrators(): Promise<void> {
    const token = await testApp.app.features.admin.accounts.invite(TERMINAL);
    const fields = { token, login: LOGIN, password: PASSWORD, repeat: PASSWORD };
    await testApp.visitor().get(`/admin/setup?token=${token}`);
    await testApp.visitor().post('/admin/setup', fields);
    await testApp.anonymous().submit('/admin/login', { login: 'Ivanova', password: 'correct horse battery' });
    const admin = await testApp.enter();
    const { id } = testApp.registration;
    for (const page of ['people?q=Абрамов', 'launches', 'grades', 'audit', `platforms/${id}`, 'health'])
      expect((await admin.get(`/admin/${page}`)).status, page).to.be.below(500);
    const totp = await admin.post('/admin/account/totp', { current: PASSWORD }, { page: '/admin/account' });
    const key = /<code class="long">([A-Z2-7 ]+)</.exec(totp.text)?.[1] ?? '';
    expect(key).not.to.equal('');
    secrets.push(token, admin.cookie ?? '', await admin.csrf('/admin'), key, key.replaceAll(' ', ''));
  }

  async function registering(): Promise<void> {
    const { url } = await testApp.app.features.registration.invite('');
    const address = new URL(await testApp.lms.control.registrationUrl(url));
    const fields = Object.fromEntries(address.searchParams);
    expect(fields.registration_token).to.be.a('string').and.not.equal('');
    secrets.push(fields.invitation ?? '', fields.registration_token ?? '');
    const browser = testApp.anonymous({ framedBy: testApp.lms.origin });
    await browser.get(address.pathname + address.search);
    expect((await browser.submit('/lti/register', fields)).status).to.equal(200);
    expect((await browser.submit('/lti/register', fields)).status).to.equal(404);
  }

  /** Deep Linking to its end. */
  async function choosing(): Promise<void> {
    const { browser, response, post } = await launchSelection(testApp.lms, { person: '11', course: '2' });
    const csrf = /name="csrf-token" content="([^"]+)"/.exec(response.text)?.[1] ?? '';
    const page = await browser.post(`${response.url}/cancel`, { csrf }, { from: testApp.origin });
    const answer = page.forms.find(({ fields }) => 'JWT' in fields)!;
    secrets.push(post?.fields.id_token ?? '', csrf, answer.fields.JWT ?? '');
    secrets.push(new URL(answer.action).searchParams.get('sesskey') ?? '');
  }

  /** Grades, people and tokens that an LMS refuses in words of its own. */
  async function withServicesThatFail(): Promise<void> {
    const { faults } = testApp.lms.control;
    const teacher = await testApp.launch({ person: '11', course: '2' });
    const rounds: [Parameters<typeof faults.fail>[0], number, string][] = [
      ['token', 400, `{"error":"invalid_client","error_description":"${WORDS}"}`],
      ['token', 200, `{"access_token":"${ACCESS}","expires_in":3600}`],
      ['nrps', 403, WORDS],
      ['scores', 500, WORDS],
    ];
    for (const [service, status, body] of rounds) {
      testApp.clock.advance(8 * 3_600_000);
      faults.fail(service, { status, body });
      const again = await testApp.launch({ person: '11', course: '2', browser: teacher.browser });
      await again.submit('people/refresh');
      await again.submit('grades/again');
      await testApp.app.jobs.drain();
      faults.clear();
    }
  }

  /** Errors that quote personal data, as databases and validators do. */
  async function withFaultsOfOurs(): Promise<void> {
    const model = testApp.storage.connection.model('Person');
    const people = model.collection;
    const find = people.findOne.bind(people);
    const cast = await model.findById('Пушкина, pupil@example.org').then(
      () => new Error('nothing was wrong'),
      (error: unknown) => error as Error,
    );
    const duplicate = Object.assign(
      new Error('E11000 duplicate key error collection: people dup key: { email: "pupil@example.org" }'),
      { code: 11_000, keyValue: { email: 'pupil@example.org', surname: 'Пушкина' } },
    );
    let unknown = 119;
    for (const fault of [
      new Error('no database'),
      cast,
      duplicate,
      new Error('outside', { cause: duplicate }),
      new SyntaxError(`Unexpected token, "${WORDS}" is not valid JSON`),
    ]) {
      people.findOne = () => Promise.reject(fault);
      // A person who is not known yet: who is, is read from memory.
      await noted(launchLink(testApp.lms, { ...student, person: String((unknown += 1)) }));
    }
    people.findOne = find;
  }

  it('contains requests, and failures with stack traces', () => {
    const lines = log.trim().split('\n');
    expect(lines.length).to.be.above(100);
    for (const part of [
      '"path":"/lti/launch"',
      '"path":"/admin/setup"',
      '"path":"/lti/register"',
      ...['request failed', 'no database', 'duplicate key', 'CastError', 'outside', 'SyntaxError'],
      ...['"stack":"    at ', 'job failed', 'job done'],
    ])
      expect(log).to.contain(part);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.to.throw();
  });

  it('7.1.2: contains no person’s name, e-mail or id', () => {
    const people = ['3', '11', '15', '101', '103', '135'].map((id) => testApp.lms.control.person(id));
    const words = people.flatMap(({ familyName, givenName, middleName, email, username, idNumber }) => [
      ...[familyName, givenName, middleName, email, username, idNumber].filter((word) => word.length > 2),
    ]);
    expect(words.length).to.be.above(20);
    for (const word of [...words, 'Рисованов', 'Иванов', 'Тестов', 'Пушкина', 'Абрамов', 'pupil@', '@'])
      expect(log.includes(word), word).to.equal(false);
  });

  it('7.1.1: contains no cookie, token, password or key', () => {
    const kept = secrets.filter((secret) => secret !== '');
    expect(kept.length).to.be.above(30);
    for (const secret of [...kept, 'correct horse', 'Ivanova', 'PRIVATE KEY', 'a secret for tests', 'Bearer'])
      expect(log.includes(secret), secret).to.equal(false);
    expect(log, 'a token of any kind').not.to.match(/eyJ[\w-]{5,}\./);
    expect(log).not.to.match(/csrf|login_hint|id_token|"cookie"|authorization/i);
  });

  it('keeps input with line ends on one line', () => {
    let lines = '';
    const forged = createLog('info', { write: (line) => void (lines += line) });
    forged.error({ err: new Error('x\n{"level":60,"msg":"forged"}'), path: '/\r\n{"level":60}' }, 'y\u2028z');
    expect(lines.trim().split(/[\r\n]/)).to.have.length(1);
  });

  it('cuts what is long: no line has more than a few kilobytes', () => {
    const lines: string[] = [];
    const cut = createLog('info', { write: (line) => void lines.push(line) });
    const deep = new Error('x'.repeat(99_999), {
      cause: Object.assign(new Error('y'.repeat(99_999)), { stack: `Error\n${'    at z\n'.repeat(9_999)}` }),
    });
    cut.error({ err: deep, path: `/${'p'.repeat(99_999)}` }, 'request failed');
    cut.info({ scan: { fields: Array.from({ length: 9_999 }, () => 'f'.repeat(99)) }, at: new Date(0) }, 'x');
    cut.info(Object.fromEntries(Array.from({ length: 999 }, (_, at) => [`name${at}`, 'v'.repeat(99)])), 'x');
    cut.warn({ a: { b: { c: { d: { e: { f: 'f' } } } } } }, 'x');
    for (const line of lines) {
      expect(line.length, line.slice(0, 80)).to.be.below(8_000);
      expect(() => JSON.parse(line) as unknown).not.to.throw();
    }
    expect(lines[1]).to.contain('1970-01-01');
  });
});

import { expect } from 'chai';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { verifyStorage, openStorage } from '../../src/storage/index.js';
import { systemClock } from '../../src/shared/clock.js';
import { Browser, launchLink, startLms, type DemoLms } from '../support/lms.js';
import { Visitor } from '../support/test-app.js';
import { answerAll, ask, begin, EIGHT, makeTest } from '../features/assessments/fixtures.js';
import { newFolder, run, startTool, until, type Tool } from './run.js';

describe('the server as a process: a start that cannot be', function () {
  this.timeout(120_000);
  let folder: string;
  const env = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
    DATABASE_URL: `file:${path.join(folder, 'data/nastavnik.db')}`,
    LOG_LEVEL: 'info',
    PORT: '39990',
    ...more,
  });

  before(async () => {
    folder = await newFolder();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const wrong: [string, () => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>, RegExp][] = [
    ['a wrong value', () => ({ TRUST_PROXY: 'yes please' }), /^TRUST_PROXY: must be 0, a number/],
    [
      'no SECRET in production with MongoDB',
      () => ({ NODE_ENV: 'production', DATABASE_URL: 'mongodb://user:hidden@db/x' }),
      /^SECRET: is needed with MongoDB/,
    ],
    [
      'a kept secret that was cut',
      async () => {
        await mkdir(path.join(folder, 'cut'));
        await writeFile(path.join(folder, 'cut/secret'), 'short');
        return { DATABASE_URL: `file:${path.join(folder, 'cut/nastavnik.db')}` };
      },
      /^SECRET: .*fewer than 32/,
    ],
    [
      'a database that is none',
      async () => {
        await mkdir(path.join(folder, 'bad'));
        await writeFile(path.join(folder, 'bad/nastavnik.db'), 'this is no database'.repeat(100));
        return { DATABASE_URL: `file:${path.join(folder, 'bad/nastavnik.db')}` };
      },
      /^\S.*bad\/nastavnik\.db/,
    ],
  ];
  for (const [what, change, line] of wrong) {
    it(`${what}: one line that says so, and a code`, async () => {
      const { code, out, err } = await run('src/main.ts', [], env(await change()));
      expect(err.trim().split('\n'), err).to.have.length(1);
      expect(err).to.match(line).and.not.contain('hidden');
      expect(code).to.equal(1);
      expect(out).not.to.contain('listening');
    });
  }

  it('a port in use: one line that names it', async () => {
    const taken = createServer();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, err } = await run('src/main.ts', [], env({ PORT: String(port), HOST: '127.0.0.1' }));
    expect(err.trim()).to.equal(`PORT: cannot listen on 127.0.0.1:${port} (EADDRINUSE)`);
    expect(code).to.equal(1);
    taken.close();
  });
});

/** One tool, through a working day with a crash in it, told to log everything it can. */
describe('the server as a process: a working day', function () {
  this.timeout(240_000);
  let folder: string;
  let lms: DemoLms;
  let tool: Tool;

  before(async () => {
    folder = await newFolder();
    lms = await startLms();
    tool = await startTool(folder);
  });
  after(async () => {
    await tool.running.stop();
    await lms.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function come(person: string, link?: string, browser = new Browser({ framedBy: lms.origin })) {
    const { response, post } = await launchLink(lms, {
      person,
      course: '2',
      browser,
      ...(link !== undefined && { link }),
    });
    const key = /^\/c\/([a-z0-9]+)\//.exec(new URL(response.url).pathname)?.[1];
    expect(key, response.text).to.be.a('string');
    tokens.push(post!.fields.id_token!, post!.fields.state!);
    return new Visitor(tool.origin, browser, key!, response);
  }
  /** Whatever no line of the log may hold. */
  const tokens: string[] = [];

  it('keeps secret and database for its owner alone', async () => {
    for (const name of ['secret', 'nastavnik.db']) {
      const found = await stat(path.join(folder, 'data', name));
      expect(found.mode & 0o777, name).to.equal(0o600);
    }
  });

  it('takes a registration while it runs, without asking the platform anything', async () => {
    const registered = lms.control.registerTool({ url: tool.origin });
    lms.control.faults.resetCalls();
    const { code, err } = await run(
      'scripts/platform.ts',
      [
        ...['add', '--issuer', lms.origin, '--client-id', registered.clientId],
        ...['--auth-url', `${lms.origin}/mod/lti/auth.php`, '--token-url', `${lms.origin}/mod/lti/token.php`],
        ...['--jwks-url', `${lms.origin}/mod/lti/certs.php`, '--deployment', registered.deploymentId],
      ],
      tool.env,
    );
    expect(err).to.equal('');
    expect(code).to.equal(0);
    expect(Object.values(lms.control.faults.calls).reduce((sum, calls) => sum + calls)).to.equal(0);
    const visitor = await come('11');
    expect((await visitor.get('')).status).to.equal(200);
  });

  let column: string;
  it('a grade that was under way when it was killed arrives after the restart', async () => {
    const teacher = await come('11');
    const test = await makeTest(teacher, { title: 'Контрольная' });
    const activity = lms.control.addActivity('2', lms.control.tools()[0]!.id, {
      title: 'Контрольная',
      custom: `nastavnik_kind=test\nnastavnik_id=${test}`,
      column: { scoreMaximum: 10 },
    });
    column = lms.control.columnsOfActivity(activity.id)[0]!.id;
    lms.control.faults.fail('scores', { status: 503 });

    const student = await come('101', activity.id);
    const attempt = await begin(student, test);
    await answerAll(student, attempt, EIGHT);
    const finished = await student.submit(`${attempt}/finish`);
    expect(finished.status).to.equal(200);
    await until('a try that fails', async () => {
      const page = (await teacher.json('GET', 'grades')).data as { grades: { reason: string }[] };
      return page.grades.some(({ reason }) => reason !== '');
    });
    await tool.kill();
    expect(lms.control.grade(column, '101')).to.equal(null);

    lms.control.faults.clear();
    await tool.startAgain();
    await until('the grade', () => lms.control.grade(column, '101') !== null);
    expect(lms.control.grade(column, '101')).to.include({ score: 8 });
    // Who sat before a page when it fell goes on where they were.
    expect((await student.get(attempt)).status).to.equal(200);
  });

  it('a gradebook column that the LMS was just making when it was killed is found after the restart', async () => {
    const teacher = await come('11');
    const test = await makeTest(teacher, { title: 'Без столбца' });
    const registered = lms.control.tools()[0]!;
    lms.control.changeTool(registered.id, { acceptGrades: 'delegate' });
    const activity = lms.control.addActivity('2', registered.id, {
      title: 'Без столбца',
      custom: `nastavnik_kind=test\nnastavnik_id=${test}`,
    });
    const columns = () => lms.control.columnsOfActivity(activity.id);
    // Two searches; then the column is made, and nobody hears of it.
    lms.control.faults.fail('lineitems', { delayMs: 1, times: 2 });
    lms.control.faults.fail('lineitems', { connection: 'silence', when: 'after', times: 1 });
    const student = await come('101', activity.id);
    const attempt = await begin(student, test);
    await answerAll(student, attempt, EIGHT);
    await student.submit(`${attempt}/finish`);
    await until('the column', () => columns().length > 0);
    await tool.kill();

    // The leases end now instead of seconds and minutes after the process that held them.
    const storage = await openStorage({ url: tool.env.DATABASE_URL!, clock: systemClock });
    const past = new Date(1);
    const { modifiedCount } = await storage.connection
      .collection('line_items')
      .updateMany({ lease: { $ne: '' } }, { $set: { leasedUntil: past, dueAt: past } });
    expect(modifiedCount).to.equal(1);
    await storage.connection
      .collection('jobs')
      .updateMany({ leasedUntil: { $exists: true } }, { $set: { leasedUntil: past, runAt: past } });
    await storage.connection.collection('event_sweepers').updateMany({}, { $set: { until: past } });
    await storage.close();
    await tool.startAgain();
    await until('the grade', () => lms.control.grade(columns()[0]?.id ?? '', '101') !== null);
    expect(lms.control.grade(columns()[0]!.id, '101')).to.include({ score: 8 });
    expect(columns()).to.have.length(1);
  });

  it('SIGTERM: the request under way is answered, the grade under way arrives, and the code is 0', async () => {
    const teacher = await come('11');
    const student = await come('103');
    const { tests } = (await ask(teacher, 'GET', 'tests')).data;
    const attempt = await begin(student, tests[0]!.id);
    await answerAll(student, attempt, EIGHT);
    lms.control.faults.fail('scores', { delayMs: 700, times: 1 });
    lms.control.faults.resetCalls();
    await student.submit(`${attempt}/finish`);
    await until('the grade on its way', () => lms.control.faults.calls.scores > 0);

    // A browser that keeps its connection busy must not keep the process.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const busy = askUntilRefused(agent, `${tool.origin}/healthz`);
    // A launch that waits for the platform's new key, a moment before the end.
    lms.control.rotateKey({ keepOld: false });
    lms.control.faults.fail('jwks', { delayMs: 500, times: 1 });
    const launching = launchLink(lms, { person: '104', course: '2', follow: false });
    await until('a launch under way', () => lms.control.faults.calls.jwks > 0);
    const exited = once(tool.running.child, 'exit');
    tool.running.child.kill('SIGTERM');
    const { response } = await launching;
    expect(response.status, response.text).to.equal(303);
    const [code] = (await exited) as [number | null];
    expect(await busy).to.be.above(0);
    agent.destroy();
    expect(code, tool.output().slice(-2_000)).to.equal(0);
    expect(lms.control.grade(column, '103')).to.include({ score: 8 });
    expect(tool.output()).to.contain('"msg":"stopped"');
  });

  it('leaves a sound database, in which nothing secret can be read', async () => {
    const storage = await openStorage({ url: tool.env.DATABASE_URL!, clock: systemClock });
    expect((await verifyStorage(storage)).problems).to.deep.equal([]);
    await storage.close();
    const bytes = await readFile(path.join(folder, 'data/nastavnik.db'), 'latin1');
    expect(bytes).to.contain('tool_keys');
    const secret = (await readFile(path.join(folder, 'data/secret'), 'utf8')).trim();
    for (const word of ['PRIVATE KEY', secret]) {
      expect(bytes.includes(word), word).to.equal(false);
    }
    for (const token of tokens.filter((token) => token.startsWith('eyJ'))) {
      expect(bytes).not.to.contain(token.split('.')[2]);
    }
  });

  it('logs requests and grades without names, mail addresses, tokens or cookies', async () => {
    const log = tool.output();
    expect(log).to.contain('"path":"/lti/launch"').and.to.contain('"job":"send-score"');
    const secret = (await readFile(path.join(folder, 'data/secret'), 'utf8')).trim();
    const people = ['11', '101', '103', '104'].map((id) => lms.control.person(id));
    const forbidden = [
      ...people.flatMap(({ familyName, givenName, email, username }) => [
        familyName,
        givenName,
        email,
        username,
      ]),
      ...tokens,
      secret,
      'nastavnik=s',
      's%3A',
      'Bearer',
      'csrf',
      'sesskey',
      'login_hint',
      'PRIVATE KEY',
      'PHPSESSID',
    ];
    for (const word of forbidden) expect(log.includes(word), `the log holds ${word}`).to.equal(false);
    expect(log, 'a token of any kind').not.to.match(/eyJ[\w-]{10,}\./);
  });
});

/** One request after the other over one connection. @returns how many were answered */
async function askUntilRefused(agent: Agent, url: string): Promise<number> {
  for (let answered = 0; ; answered += 1) {
    try {
      await new Promise<void>((resolve, reject) => {
        const asking = httpRequest(url, { agent }, (response) => {
          response.resume().on('end', resolve).on('error', reject);
        });
        asking.on('error', reject).end();
      });
    } catch {
      return answered;
    }
  }
}

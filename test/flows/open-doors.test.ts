import { expect } from 'chai';
import { differences, snapshotOf, type Snapshot } from '../support/snapshot.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { ALIEN_IDS } from './attacked.js';

/** Addresses that know no session: what they carry is the right to them. */
const DOORS = [
  'GET /act/',
  'POST /act/',
  'GET /unsubscribe/',
  'POST /unsubscribe/',
  'GET /parents/',
  'POST /parents/',
  'GET /calendar/',
  'GET /hooks/',
  'POST /hooks/',
];

describe('doors without a session', () => {
  let testApp: TestApp;
  let baseline: Snapshot;
  before(async () => {
    testApp = await startTestApp();
    await testApp.launch({ person: '101', course: '2' });
    await Promise.all(testApp.app.workers.map((worker) => worker.stop()));
    baseline = await snapshotOf(testApp);
  });
  after(() => testApp.close());
  afterEach(async () => {
    expect(differences(baseline, await snapshotOf(testApp))).to.deep.equal([]);
  });

  async function expectRefused(door: string, key: string, body: string | null = null): Promise<void> {
    const [method = '', path = ''] = door.split(' ');
    const response = await fetch(`${testApp.origin}${path}${key}`, {
      method,
      redirect: 'manual',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: method === 'POST' ? (body ?? '{"answer":"yes"}') : null,
    });
    const said = `${door}${key.slice(0, 60)}: ${response.status} ${(await response.text()).slice(0, 300)}`;
    expect(response.status, said).to.be.within(400, 499);
    expect(said).not.to.match(/\bat [^\n]*\.[cm]?[jt]s:\d+/);
  }

  for (const door of DOORS) {
    it(`${door}… opens to no made-up key`, async () => {
      const keys = [...ALIEN_IDS, `${'A'.repeat(32)}.ics`, 'x.ics', 'telegram', 'max', 'vk', 'sms', 'mail'];
      for (const key of keys) await expectRefused(door, key);
    });
  }

  for (const door of DOORS.filter((name) => name.startsWith('POST'))) {
    it(`${door}… takes no body that is too large or broken`, async () => {
      for (const body of ['{"a":', '"text"', '[]', `{"answer":"${'x'.repeat(300_000)}"}`]) {
        await expectRefused(door, 'A'.repeat(32), body);
      }
    });
  }
});

import { expect } from 'chai';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SECOND, systemClock } from '../../../src/shared/clock.js';
import { readProcessIdentity } from '../../../src/shared/process-identity.js';
import { openStorage, verifyStorage } from '../../../src/storage/index.js';
import type { KilledRun, Report } from './killed-process.js';
import { forkFile } from '../../support/fork.js';
import { createShop } from './order.js';

/** From the change with its event to the end of the job that follows from it. */
const STEPS = [
  'orders.updateOne',
  'event_sweepers.updateOne',
  'jobs.updateOne',
  'orders.updateOne',
  'event_sweepers.updateOne',
  'event_sweepers.updateOne',
  'jobs.findOneAndUpdate',
  'receipts.updateOne',
  'jobs.updateOne',
  // A look for another job.
  'jobs.findOneAndUpdate',
];

/** Where the system says which process has ended (Linux), its leases are over at once; elsewhere they end by then. */
const told = readProcessIdentity().own !== '';
const later = told ? systemClock : { now: (): Date => new Date(Date.now() + 15 * SECOND) };

/** One process works over as many databases as there are steps, halts before another step in each, and is killed. */
describe('an event and its job survive a kill between any two writes', function () {
  this.timeout(120_000);
  let folder: string;
  let child: ChildProcess | undefined;
  const reports = new Map<string, Report>();
  const urlOf = (writes: number): string => `file:${path.join(folder, `${writes}.db`)}`;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-killed-'));
    const runs = Array.from({ length: STEPS.length + 1 }, (_, writes): KilledRun => ({
      url: urlOf(writes),
      writes,
    }));
    const running = forkFile('test/infra/events/killed-process.ts', [JSON.stringify(runs)]);
    child = running;
    await new Promise<void>((resolve, reject) => {
      running.on('message', (report: Report) => {
        reports.set(report.url, report);
        if (reports.size === runs.length) resolve();
      });
      running.once('exit', () => reject(new Error('the process ended by itself')));
    });
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  });
  after(async () => {
    child?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  it('makes the writes that are named here', () => {
    expect(reports.get(urlOf(STEPS.length))).to.deep.include({ ended: true, written: STEPS });
  });

  for (const [writes, step] of [...STEPS, 'the end'].entries()) {
    it(`killed before write ${writes + 1}, ${step}`, async () => {
      const { ended, written } = reports.get(urlOf(writes))!;
      expect(ended).to.equal(writes === STEPS.length);
      if (!ended) expect(written.at(-1)).to.equal(step);
      const storage = await openStorage({ url: urlOf(writes), clock: later });
      const shop = createShop(storage, later);
      await storage.ensureIndexes();
      await shop.jobs.drain();
      const order = (await shop.order())!;
      expect(order).to.not.have.any.keys('events', 'eventsAt');
      const counts = (await shop.receipts()).map(({ count }) => count);
      if (writes === 0) {
        expect([order.state, counts, await shop.jobStates()]).to.deep.equal(['new', [], []]);
      } else {
        // Between the work and the note that it is done a kill makes it run twice: at least once is the promise.
        const expected = STEPS[writes - 1] === 'receipts.updateOne' ? 2 : 1;
        expect([order.state, counts]).to.deep.equal(['paid', [expected]]);
        expect(await shop.jobStates()).to.deep.equal(['done']);
      }
      expect((await verifyStorage(storage)).problems).to.deep.equal([]);
      await storage.close();
    });
  }
});

import { expect } from 'chai';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { addAlarmJobs } from '../../../src/features/admin/operations/alarms.jobs.js';
import type { Disk } from '../../../src/features/admin/operations/disk.js';
import type { Alarm } from '../../../src/features/notifications/index.js';
import { defineJob, defineLane, RetryableError } from '../../../src/infra/jobs/index.js';
import type { Registration } from '../../../src/lti/index.js';
import { DAY, HOUR, MINUTE } from '../../../src/shared/clock.js';
import { CERTIFICATE, PRIVATE_KEY } from '../notifications/own-certificate.js';
import { openQueue, type Queue } from '../../infra/jobs/queue.js';

const PLENTY: Disk = { free: 50e9, all: 100e9, database: 1e6 };
const PLATFORM = { id: 'moodle1', name: 'Moodle лицея' } as Registration;
/** Of the certificate of these tests. */
const ENDS_AT = Date.parse('2118-07-26T00:00:00Z');

describe('alarms of an administrator', () => {
  let queue: Queue;
  let server: Server;
  let disk = PLENTY;
  const raised: Alarm[] = [];

  before(async () => {
    server = createServer({ cert: CERTIFICATE, key: PRIVATE_KEY });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    queue = await openQueue();
    addAlarmJobs({
      jobs: queue.jobs,
      alarms: { raise: (alarm) => Promise.resolve(void raised.push(alarm)) },
      platforms: () => Promise.resolve([PLATFORM]),
      disk: () => Promise.resolve(disk),
      publicUrl: `https://localhost:${(server.address() as AddressInfo).port}`,
      clock: queue.clock,
    });
  });
  after(async () => {
    await queue.close();
    server.close();
  });

  /** Looks once more, and returns what was told of: `<name>: <detail>`. */
  async function look(): Promise<string[]> {
    raised.length = 0;
    queue.clock.advance(10 * MINUTE);
    await queue.jobs.drain();
    return raised.map(({ name, detail }) => `${name}: ${detail}`);
  }

  it('tell of nothing while all is well', async () => {
    expect(await look()).to.deep.equal([]);
  });

  it('tell of a disk that is nearly full', async () => {
    disk = { ...PLENTY, free: 0.5e9 };
    expect(await look()).to.deep.equal(['disk: 500 MB']);
    disk = PLENTY;
  });

  it('tell of an LMS that cannot be reached, and then of a queue that stands for an hour', async () => {
    const job = queue.jobs.register(
      defineJob<{ id: string }>({
        name: 'send-score',
        payload: z.object({ id: z.string() }),
        key: ({ id }) => id,
        lane: defineLane({ name: 'platform', limit: 2 }),
        laneKey: () => PLATFORM.id,
        run() {
          throw new RetryableError('503', { laneDown: true, retryAfterMs: 2 * HOUR });
        },
      }),
    );
    for (let id = 0; id < 8; id++) await queue.jobs.enqueue(job, { id: String(id) });
    await queue.jobs.drain();
    expect(await look()).to.deep.equal(['lms: Moodle лицея']);
    queue.clock.advance(HOUR);
    expect(await look()).to.include('queue: send-score');
    for (let id = 0; id < 8; id++) await queue.jobs.remove('send-score', String(id));
  });

  it('tell of a certificate that ends within two weeks', async () => {
    queue.clock.set(new Date(ENDS_AT - 15 * DAY));
    expect((await look()).filter((line) => line.startsWith('certificate'))).to.deep.equal([]);
    queue.clock.set(new Date(ENDS_AT - 13 * DAY));
    expect(await look()).to.include('certificate: 2118-07-26');
  });
});

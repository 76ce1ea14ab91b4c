// Reads and writes on the benchmark's file until told to stop; tells how it went, and how long one write waited.
import { randomInt } from 'node:crypto';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
const built = new URL('../../dist/storage/index.js', import.meta.url).href;
const { openStorage } = await import(built);

const documents = Number(process.env.DOCUMENTS);
const storage = await openStorage({ url: `file:${process.env.FILE}` });
const things = storage.connection.db.collection('things');
const delay = monitorEventLoopDelay({ resolution: 5 });
let [reads, writes, slowest, since] = [0, 0, 0, performance.now()];
let going = true;

async function lane() {
  while (going) {
    const courseId = `c${randomInt(Math.ceil(documents / 1000))}`;
    await things.find({ courseId }).sort({ at: 1 }).limit(20).toArray();
    reads++;
    const begun = performance.now();
    await things.insertOne({
      courseId,
      personId: `load${randomInt(2 ** 40)}`,
      at: new Date(),
      state: 'open',
    });
    slowest = Math.max(slowest, performance.now() - begun);
    writes++;
  }
}

process.channel.ref();
process.on('message', async (message) => {
  if (message === 'report') {
    const seconds = (performance.now() - since) / 1000;
    process.send({
      reads: reads / seconds,
      writes: writes / seconds,
      slowestWriteMs: slowest,
      longestTurnMs: delay.max / 1e6,
    });
    [reads, writes, slowest, since] = [0, 0, 0, performance.now()];
    delay.reset();
  }
  if (message === 'stop') going = false;
});
delay.enable();
process.send('ready');
await Promise.all(Array.from({ length: 8 }, lane));
await storage.close();
process.disconnect();

// Reads and writes for some seconds on the benchmark's file, so that its resident memory can be asked for.
import { randomInt } from 'node:crypto';
// What is measured is the built engine; the address is put together, for in a clean tree it is not there yet.
const built = new URL('../../dist/storage/index.js', import.meta.url).href;
const { openStorage } = await import(built);

const documents = Number(process.env.DOCUMENTS);
const storage = await openStorage({ url: `file:${process.env.FILE}` });
const things = storage.connection.db.collection('things');

const until = Date.now() + 5000;
while (Date.now() < until) {
  const courseId = `c${randomInt(Math.ceil(documents / 1000))}`;
  await things.find({ courseId }).sort({ at: 1 }).skip(randomInt(900)).limit(20).toArray();
  await things.updateOne({ courseId, personId: `p${randomInt(documents)}` }, { $inc: { seats: 1 } });
  await things.insertOne({ courseId, personId: `q${randomInt(2 ** 40)}`, at: new Date(), state: 'open' });
}
await things.aggregate([{ $group: { _id: '$state', count: { $sum: 1 } } }]).toArray();
// What asks for the memory afterwards must still find the process.
process.channel.ref();
process.send('done');

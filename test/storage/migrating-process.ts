import type { mongo } from 'mongoose';
import { migrate, type Migration } from '../../src/storage/migrations/index.js';
import { openStorage } from '../../src/storage/index.js';

/** Another process of migrations.test.ts: runs two migrations that count how often they ran. */
const [url = '', task = ''] = process.argv.slice(2);

const counting = (number: number): Migration => ({
  number,
  name: `count ${number}`,
  up: async (db: mongo.Db) => {
    await db
      .collection<{ _id: number }>('runs')
      .updateOne({ _id: number }, { $inc: { n: 1 } }, { upsert: true });
    if (task !== 'stop' || number !== 2) return;
    process.send?.('stopped in the second');
    await new Promise(() => undefined);
  },
});

const storage = await openStorage({ url, migrations: [] });
const { db } = storage.connection;
process.send?.('ready');
await new Promise((resolve) => process.once('message', resolve));
if (db) await migrate(db, [counting(1), counting(2)], 1500);
await storage.close();
process.disconnect();

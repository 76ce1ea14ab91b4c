/** The documents of the storage benchmark, and the built engine they go into. */
import path from 'node:path';
import mongoose, { type Model, type mongo } from 'mongoose';
import type { openStorage, verifyStorage, VerifyReport } from '../../src/storage/index.js';

export type { Sqlite } from '../../src/storage/embedded/sqlite.js';

export interface Thing {
  readonly _id: mongo.ObjectId;
  readonly courseId: string;
  readonly personId: string;
  readonly at: Date;
  readonly state: string;
  readonly seats: number;
  readonly name: string;
  readonly note: string;
}

export const COURSE_SIZE = 1000;
const STATES = ['open', 'full', 'held', 'cancelled'];

/** Spread over the key space, as ids of different processes are. */
export function idOf(index: number): mongo.ObjectId {
  const mixed = (Math.imul(index, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return new mongoose.Types.ObjectId(mixed + index.toString(16).padStart(16, '0'));
}

export const documentOf = (n: number): Thing => ({
  _id: idOf(n),
  courseId: `c${Math.floor(n / COURSE_SIZE)}`,
  personId: `p${n}`,
  at: new Date(1_760_000_000_000 + (n % COURSE_SIZE) * 60_000),
  state: STATES[n % 4] ?? '',
  seats: 1_000_000,
  name: `Консультация ${n}`,
  note: 'Кабинет 214, третий этаж; приносите тетради и вопросы',
});

export interface Things {
  readonly collection: mongo.Collection<Thing>;
  readonly model: Model<Thing>;
  verify(): Promise<VerifyReport>;
  close(): Promise<void>;
}

/** Opens the database by the built engine, as it runs in production. */
export async function openThings(file: string): Promise<Things> {
  const built = (await import(path.resolve(import.meta.dirname, '../../dist/storage/index.js'))) as {
    openStorage: typeof openStorage;
    verifyStorage: typeof verifyStorage;
  };
  const storage = await built.openStorage({ url: `file:${file}` });
  const schema = new mongoose.Schema<Thing>(
    {
      courseId: String,
      personId: String,
      at: Date,
      state: String,
      seats: Number,
      name: String,
      note: String,
    },
    { versionKey: false },
  );
  schema.index({ courseId: 1, at: 1 });
  schema.index({ courseId: 1, personId: 1 }, { unique: true });
  const model = storage.connection.model<Thing>('Thing', schema);
  await storage.ensureIndexes();
  return {
    model,
    collection: model.collection as unknown as mongo.Collection<Thing>,
    verify: () => built.verifyStorage(storage),
    close: () => storage.close(),
  };
}

import { Schema, type Connection } from 'mongoose';
import { SECOND, systemClock, type Clock } from '../../shared/clock.js';
import { keepReads, modelOf } from '../../storage/index.js';

/** What is known of changes of the directory, by this process and by others. */
export interface DirectoryVersion {
  /** Rises with changes of cards, associations, materials, the organisation and the centre's page. */
  readonly number: number;
  /** Rises when something is removed: what is gone cannot be found by when it was changed. */
  readonly removals: number;
  /** False while a change may be under way: what is read now may be another thing a moment later, under this number. */
  readonly settled: boolean;
}

export interface DirectoryVersionStore {
  now(): Promise<DirectoryVersion>;
}

interface Row {
  _id: string;
  number: number;
  removals: number;
  changingUntil: Date;
}

const COLLECTION = 'directory_version';
const ONLY = 'directory';

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    number: { type: Number, default: 0 },
    removals: { type: Number, default: 0 },
    changingUntil: { type: Date, required: true },
  },
  { collection: COLLECTION, versionKey: false },
);

const modelFor = (connection: Connection) => modelOf(connection, 'DirectoryVersion', schema);

/**
 * A change is announced before it is written, and holds for this long. A write that follows an announcement has what
 * is left of it, `AT_LEAST`: enough for a busy database and for clocks of machines that differ by five seconds.
 */
export const ANNOUNCED_MS = 15 * SECOND;
const AT_LEAST_MS = 10 * SECOND;

interface Announced {
  readonly clock: Clock;
  until: number;
}
const announced = new WeakMap<Connection, Announced>();

async function announce(connection: Connection, removes: boolean): Promise<void> {
  const known = announced.get(connection) ?? { clock: systemClock, until: 0 };
  announced.set(connection, known);
  const now = known.clock.now().getTime();
  const left = known.until - now;
  // Many writes in a row are one change: an import announces itself each five seconds.
  if (!removes && left > AT_LEAST_MS && left <= ANNOUNCED_MS) return;
  const until = now + ANNOUNCED_MS;
  await modelFor(connection).updateOne(
    { _id: ONLY },
    { $inc: { number: 1, removals: removes ? 1 : 0 }, $set: { changingUntil: new Date(until) } },
    { upsert: true },
  );
  known.until = until;
}

/**
 * A plugin of Mongoose: each write of the collection, by whatever store, is a change of the directory. The change is
 * announced before the write, so that a process that is killed between the two leaves nothing old behind.
 */
export function changesDirectory(schemaOfPart: Schema): void {
  schemaOfPart.pre('save', async function () {
    await announce(this.db, false);
  });
  schemaOfPart.pre('insertMany', async function () {
    await announce(this.db, false);
  });
  schemaOfPart.pre(['updateOne', 'updateMany', 'findOneAndUpdate'], async function () {
    await announce(this.model.db, false);
  });
  schemaOfPart.pre(['deleteOne', 'deleteMany'], { document: false, query: true }, async function () {
    await announce(this.model.db, true);
  });
}

/** Reads one small document per question; on the embedded engine, only after it has changed. */
export function createDirectoryVersion(connection: Connection, clock: Clock): DirectoryVersionStore {
  const model = modelFor(connection);
  announced.set(connection, { clock, until: 0 });
  const kept = keepReads<Row | null>(connection, {
    collection: COLLECTION,
    keysOf: ({ _id }) => [String(_id)],
  });
  return {
    async now() {
      const row = await kept.get(ONLY, async () => await model.findById(ONLY).lean<Row>());
      if (row === null) return { number: 0, removals: 0, settled: true };
      const left = row.changingUntil.getTime() - clock.now().getTime();
      // An announcement from further ahead is of a clock that was put back since.
      return {
        number: row.number,
        removals: row.removals,
        settled: left <= 0 || left > 2 * ANNOUNCED_MS,
      };
    },
  };
}

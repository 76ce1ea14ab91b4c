import type { mongo } from 'mongoose';
import { programVersion } from '../../shared/version.js';
import { MIGRATED } from '../names.js';
import { StorageError } from '../storage-error.js';
import { withLease } from './lease.js';
import type { Migration } from './migration.js';
import { isDuplicateKey } from '../duplicate-key.js';

/** What the database remembers of a migration. */
interface Row {
  readonly _id: number;
  readonly name: string;
  readonly at: Date;
  /** Of the program that ran it. */
  readonly version: string;
}

/** @throws StorageError with one line when a later version of the program has changed the database */
export async function checkKnown(db: mongo.Db, known: readonly Migration[]): Promise<void> {
  const [last] = await db.collection<Row>(MIGRATED).find({}).sort({ _id: -1 }).limit(1).toArray();
  const latest = known.at(-1)?.number ?? 0;
  if (!last || last._id <= latest) return;
  throw new StorageError(
    `the database was changed by a later version (migration ${last._id} "${last.name}" of version ${last.version}, this version ${programVersion} knows ${latest}); update the program`,
  );
}

/**
 * Runs what the database has not seen yet, in order, each once however many processes start at the same time.
 * Quick, and without a write, when there is nothing to do.
 * @throws StorageError when one fails; those before it are done, and the next start goes on with it
 */
export async function migrate(db: mongo.Db, known: readonly Migration[], leaseMs?: number): Promise<void> {
  const waiting = async (): Promise<Migration[]> => {
    await checkKnown(db, known);
    const rows = await db.collection<Row>(MIGRATED).find({}).toArray();
    const done = new Set(rows.map(({ _id }) => _id));
    return known.filter(({ number }) => !done.has(number));
  };
  if ((await waiting()).length === 0) return;
  await withLease(
    db,
    'migrations',
    async () => (await waiting()).length === 0,
    async (stillOurs) => {
      for (const migration of await waiting()) {
        await run(db, migration);
        stillOurs();
        await record(db, migration);
      }
    },
    leaseMs,
  );
}

async function run(db: mongo.Db, migration: Migration): Promise<void> {
  try {
    await migration.up(db);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const { number, name } = migration;
    throw new StorageError(`migration ${number} "${name}" failed: ${why}`, { cause: error });
  }
}

async function record(db: mongo.Db, { number, name }: Migration): Promise<void> {
  try {
    await db
      .collection<Row>(MIGRATED)
      .insertOne({ _id: number, name, at: new Date(), version: programVersion });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}

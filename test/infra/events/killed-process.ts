/**
 * The other process of killed.test.ts. Over each database of its argument it pays an order and does what follows,
 * and halts for ever before one of its writes; then it is killed.
 */
import type { Connection } from 'mongoose';
import { systemClock } from '../../../src/shared/clock.js';
import { openStorage } from '../../../src/storage/index.js';
import { createShop } from './order.js';

export interface KilledRun {
  readonly url: string;
  /** How many writes are let through. */
  readonly writes: number;
}

/** `ended` without a halt: all writes were let through. */
export interface Report {
  readonly url: string;
  /** The writes that were let through, and the one before which it halts: `<collection>.<method>`. */
  readonly written: readonly string[];
  readonly ended: boolean;
}

const WRITES = ['insertOne', 'updateOne', 'findOneAndUpdate', 'deleteOne'];

function countWrites(connection: Connection, allowed: number, halted: (written: string[]) => void): string[] {
  const written: string[] = [];
  for (const model of Object.values(connection.models)) {
    const collection = model.collection as unknown as Record<string, (...args: unknown[]) => unknown>;
    for (const write of WRITES) {
      const original = collection[write]?.bind(collection);
      if (original === undefined) continue;
      collection[write] = (...args: unknown[]) => {
        written.push(`${model.collection.name}.${write}`);
        if (written.length <= allowed) return original(...args);
        if (written.length === allowed + 1) halted(written);
        return new Promise(() => undefined);
      };
    }
  }
  return written;
}

async function run({ url, writes }: KilledRun): Promise<void> {
  const storage = await openStorage({ url, clock: systemClock });
  const shop = createShop(storage, systemClock);
  await storage.ensureIndexes();
  await storage.connection.model('Order').create({ state: 'new' });
  const report = (written: readonly string[], ended: boolean): void =>
    void process.send?.({ url, written, ended } satisfies Report);
  const written = countWrites(storage.connection, writes, (halted) => report(halted, false));
  await shop.pay();
  await shop.jobs.drain();
  report(written, true);
}

await Promise.all((JSON.parse(process.argv[2] ?? '') as KilledRun[]).map(run));

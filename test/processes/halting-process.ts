/**
 * The other process of killed.test.ts: the whole testApp over the same database. It begins a piece of work, and
 * stands still for ever before a write that it was told; then it is killed.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { pino } from 'pino';
import { buildApp, type App } from '../../src/app.js';
import { loadConfig } from '../../src/config.js';
import { systemClock } from '../../src/shared/clock.js';
import { openStorage, type Storage } from '../../src/storage/index.js';
import type { Halt, Order, Word } from './halting.js';

const order = JSON.parse(process.argv[2] ?? '') as Order;
const tell = (word: Word): void => void process.send?.(word);

const WRITES = [
  ...['insertOne', 'insertMany', 'updateOne', 'updateMany', 'deleteOne', 'deleteMany'],
  ...['replaceOne', 'bulkWrite', 'findOneAndUpdate', 'findOneAndDelete'],
];

/** Several pieces of work go on at once, and each halts at a write of its own. */
const halts = new AsyncLocalStorage<{ readonly halt: Halt; left: number }>();

function haltBeforeWrites(storage: Storage): void {
  for (const model of Object.values(storage.connection.models)) {
    const collection = model.collection as unknown as Record<string, (...args: unknown[]) => unknown>;
    for (const write of WRITES) {
      const honest = collection[write]?.bind(collection);
      if (honest === undefined) continue;
      collection[write] = (...args: unknown[]) => {
        const here = halts.getStore();
        if (here?.halt.collection !== model.collection.name || here.left-- > 0) return honest(...args);
        tell({ halted: here.halt });
        return new Promise(() => undefined);
      };
    }
  }
}

const BY = { kind: 'terminal', id: '', name: 'test' } as const;

function work({ features, jobs }: App, halt: Halt): Promise<unknown> {
  const { privacy, launch } = features;
  switch (halt.work) {
    case 'erase':
      return privacy.service.erase(BY, halt.person ?? '');
    case 'merge':
      return privacy.service.merge(BY, halt.person ?? '', halt.into ?? '');
    case 'roster':
      return jobs.drain();
    case 'notice':
      return launch.noticesWorker.sweep();
  }
}

const config = loadConfig({
  PORT: new URL(order.origin).port,
  HOST: '127.0.0.1',
  DATABASE_URL: order.databaseUrl,
  ALLOW_PRIVATE_NETWORK: '1',
});
const storage = await openStorage({ url: config.databaseUrl, clock: systemClock });
const app = buildApp({
  config,
  secret: order.secret,
  storage,
  clock: systemClock,
  log: pino({ level: 'silent' }),
});
await storage.ensureIndexes();
haltBeforeWrites(storage);
for (const halt of order.halts) {
  halts
    .run({ halt, left: halt.after ?? 0 }, () => work(app, halt))
    .then(
      () => tell({ failed: `ended: ${JSON.stringify(halt)}` }),
      (error: unknown) => tell({ failed: `${JSON.stringify(halt)}: ${String((error as Error).stack)}` }),
    );
}

/**
 * The other process of killed.test.ts: the whole app over the same database. It begins a piece of work, and stops
 * for ever before a write that it was told; then it is killed.
 */
import { EventEmitter } from 'node:events';
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

const reached = new Set<Halt>();
const met = new EventEmitter();

const halts = (halt: Halt, collection: string, method: string, args: string): boolean =>
  halt.collection === collection &&
  (halt.method ?? method) === method &&
  args.includes(halt.containing ?? halt.person ?? '');

/** Whatever comes to a halt stops there: the request, and the job after it. */
function haltBeforeWrites(storage: Storage): void {
  for (const model of Object.values(storage.connection.models)) {
    const { name } = model.collection;
    const collection = model.collection as unknown as Record<string, (...args: unknown[]) => unknown>;
    for (const method of WRITES) {
      const honest = collection[method]?.bind(collection);
      if (honest === undefined) continue;
      collection[method] = (...args: unknown[]) => {
        const json = JSON.stringify(args.slice(0, 2));
        const halt = order.halts.find((candidate) => halts(candidate, name, method, json));
        if (halt === undefined) return honest(...args);
        if (!reached.has(halt)) tell({ halted: halt });
        reached.add(halt);
        met.emit('halt', halt);
        return new Promise(() => undefined);
      };
    }
  }
}

const BY = { kind: 'terminal', id: '', name: 'test' } as const;

/** Settles when the halt is met: what it halts does not end. */
const isMet = (halt: Halt): Promise<void> =>
  new Promise((resolve) => met.on('halt', (other) => other === halt && resolve()));

async function begin({ features: { privacy } }: App, halt: Halt): Promise<void> {
  if (halt.work === 'erase') await privacy.service.erase(BY, halt.person ?? '');
  if (halt.work === 'merge') await privacy.service.merge(BY, halt.person ?? '', halt.into ?? '');
}

const config = loadConfig({
  PORT: new URL(order.origin).port,
  HOST: '127.0.0.1',
  DATABASE_URL: order.databaseUrl,
  ALLOW_PRIVATE_NETWORK: '1',
  ...order.env,
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
Promise.all(order.halts.map((halt) => Promise.race([begin(app, halt), isMet(halt)])))
  .then(() => app.jobs.drain())
  .then(
    () => tell({ failed: `ended: ${JSON.stringify([...reached])}` }),
    (error: unknown) => tell({ failed: String((error as Error).stack) }),
  );

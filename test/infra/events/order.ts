import { Schema } from 'mongoose';
import { pino } from 'pino';
import { z } from 'zod';
import {
  createEvents,
  defineEvent,
  emitting,
  newEvent,
  withEvents,
  type EmittingRow,
} from '../../../src/infra/events/index.js';
import { createJobs, defineLane, type Jobs } from '../../../src/infra/jobs/index.js';
import type { Clock } from '../../../src/shared/clock.js';
import type { Storage } from '../../../src/storage/index.js';

interface Order extends EmittingRow {
  state: 'new' | 'paid';
}

/** How often a subscriber has worked on an order. */
export interface Receipt {
  order: string;
  count: number;
}

export const orderPaid = defineEvent('order.paid', z.object({ amount: z.number() }));

/** A small program: an order that is paid gets a receipt, by way of an event and a job. */
export interface Shop {
  readonly jobs: Jobs;
  pay(): Promise<unknown>;
  order(): Promise<Order | null>;
  receipts(): Promise<Receipt[]>;
  jobStates(): Promise<string[]>;
}

export function createShop(storage: Storage, clock: Clock): Shop {
  const { connection } = storage;
  const schema = new Schema<Order>({ state: String });
  schema.plugin(withEvents);
  const orders = connection.model('Order', schema);
  const receipts = connection.model('Receipt', new Schema<Receipt>({ order: String, count: Number }));
  const log = pino({ level: 'silent' });
  const jobs = createJobs({ storage, clock, log, random: () => 0 });
  const events = createEvents({ storage, jobs, clock, log });
  events.watch(orders);
  events.subscribe(orderPaid, {
    name: 'receipt',
    // A second worker would look for a second job meanwhile.
    lane: defineLane({ name: 'receipt', limit: 1 }),
    run: ({ documentId: order }) => receipts.updateOne({ order }, { $inc: { count: 1 } }, { upsert: true }),
  });
  return {
    jobs,
    pay: () => {
      const event = newEvent(orderPaid, { amount: 5 }, { at: clock.now() });
      return orders.updateOne({ state: 'new' }, emitting({ $set: { state: 'paid' as const } }, event));
    },
    order: () => orders.findOne().lean<Order>(),
    receipts: () => receipts.find().lean<Receipt[]>(),
    async jobStates() {
      const rows = await connection.model('Job').find().lean<{ state: string }[]>();
      return rows.map(({ state }) => state);
    },
  };
}

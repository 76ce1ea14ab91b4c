import { expect } from 'chai';
import { Schema } from 'mongoose';
import { z } from 'zod';
import { pino } from 'pino';
import {
  createEvents,
  defineEvent,
  emitted,
  emitting,
  newEvent,
  NOTHING_WAITS,
  withEvents,
  withMark,
  type EmittingRow,
  type Event,
  type Events,
} from '../../../src/infra/events/index.js';
import { defineJob, type Jobs } from '../../../src/infra/jobs/index.js';
import { MINUTE } from '../../../src/shared/clock.js';
import { openQueue, until, type Queue } from '../jobs/queue.js';

interface Order extends EmittingRow {
  state: string;
  version: number;
  billDueAt?: Date;
}

function defineOrders({ storage: { connection } }: Queue) {
  const schema = new Schema<Order>({ state: String, version: { type: Number, default: 0 } });
  schema.plugin(withEvents);
  schema.plugin(withMark('billDueAt'));
  return connection.model('Order', schema);
}

const orderPaid = defineEvent('order.paid', z.object({ amount: z.number() }));

describe('events', () => {
  let queue: Queue;
  let orders: ReturnType<typeof defineOrders>;
  let events: Events;
  const alarms: object[] = [];

  beforeEach(async () => {
    alarms.length = 0;
    queue = await openQueue();
    orders = defineOrders(queue);
    events = eventsOf(queue.jobs);
    await queue.storage.ensureIndexes();
  });
  afterEach(() => queue.close());

  const log = pino({ level: 'error' }, { write: (line) => void alarms.push(JSON.parse(line) as object) });
  const eventsOf = (jobs: Jobs): Events => {
    const made = createEvents({ storage: queue.storage, jobs, clock: queue.clock, log });
    made.watch(orders);
    return made;
  };
  const paid = (amount: number, seq?: number): Event =>
    newEvent(orderPaid, { amount }, { at: queue.clock.now(), ...(seq !== undefined && { seq }) });
  const create = async (): Promise<string> => String((await orders.create({ state: 'new' }))._id);
  const pay = async (id: string, event: Event): Promise<number> =>
    (await orders.updateOne({ _id: id, state: 'new' }, emitting({ $set: { state: 'paid' } }, event)))
      .modifiedCount;

  it('reach every subscriber once, and leave nothing in the document', async () => {
    const heard: unknown[] = [];
    events.subscribe(orderPaid, {
      name: 'mail-order-paid',
      run: ({ documentId, data, name }) => void heard.push(['mail', documentId, data.amount, name]),
    });
    events.subscribe(orderPaid, {
      name: 'count-order-paid',
      run: ({ documentId }) => void heard.push(['count', documentId]),
    });
    const id = await create();
    expect(await pay(id, paid(7))).to.equal(1);
    expect(await orders.findById(id).lean()).to.have.property('eventsAt');
    await queue.jobs.drain();
    await queue.jobs.drain();
    expect(heard).to.have.deep.members([
      ['mail', id, 7, 'order.paid'],
      ['count', id],
    ]);
    const order = await orders.findById(id).lean();
    expect(order).to.not.have.any.keys('events', 'eventsAt');
    expect(await orders.countDocuments(NOTHING_WAITS)).to.equal(1);
  });

  it('are emitted by one of two writes that change the same state', async () => {
    let heard = 0;
    events.subscribe(orderPaid, { name: 'mail-order-paid', run: () => void (heard += 1) });
    const id = await create();
    const event = paid(7);
    const changed = [await pay(id, event), await pay(id, event)];
    await queue.jobs.drain();
    expect([changed, heard]).to.deep.equal([[1, 0], 1]);
  });

  it('can be part of a new document', async () => {
    const heard: string[] = [];
    events.subscribe(orderPaid, { name: 'mail', run: ({ documentId }) => void heard.push(documentId) });
    const order = await orders.create({ state: 'paid', ...emitted(paid(1)) });
    await queue.jobs.drain();
    expect(heard).to.deep.equal([String(order._id)]);
  });

  it('that nothing subscribes to are taken out', async () => {
    const id = await create();
    await pay(id, paid(7));
    await queue.jobs.drain();
    expect(await orders.findById(id).lean()).to.not.have.any.keys('events', 'eventsAt');
  });

  it('make a job run that exists for other reasons as well, with the newest seq', async () => {
    const seen: unknown[] = [];
    const job = queue.jobs.register(
      defineJob({
        name: 'publish',
        payload: z.object({ orderId: z.string(), amount: z.number() }),
        key: ({ orderId }) => orderId,
        run: ({ payload, seq }) => void seen.push([payload.amount, seq]),
      }),
    );
    events.subscribeJob(orderPaid, job, ({ documentId, data, seq }) =>
      data.amount === 0 ? null : { payload: { orderId: documentId, amount: data.amount }, seq },
    );
    const id = await create();
    await orders.updateOne({ _id: id }, emitting({}, paid(1, 1), paid(3, 3), paid(2, 2), paid(0, 4)));
    await queue.jobs.drain();
    expect(seen).to.deep.equal([[3, 3]]);
  });

  it('are made into jobs at once by the process that wrote, and by another that polls', async () => {
    const heard: string[] = [];
    const subscriber = (process: string) => ({
      name: 'mail',
      run: () => void heard.push(process),
    });
    events.subscribe(orderPaid, subscriber('this'));
    queue.jobs.start();
    const id = await create();
    await pay(id, paid(7));
    await until(() => heard.length > 0);
    expect(heard).to.deep.equal(['this']);
    await queue.jobs.stop();

    // As written by a process that has died since: no hook wakes the other one.
    await orders.collection.updateOne({ state: 'paid' }, emitting({}, paid(8)) as object);
    const jobs = queue.anotherProcess();
    eventsOf(jobs).subscribe(orderPaid, subscriber('another'));
    jobs.start();
    await until(() => heard.length > 1);
    await jobs.stop();
    expect(heard).to.deep.equal(['this', 'another']);
  });

  it('are each made into one job while several processes sweep', async () => {
    const heard: string[] = [];
    const subscriber = { name: 'mail', run: ({ id }: Event) => void heard.push(id) };
    events.subscribe(orderPaid, subscriber);
    const jobs = queue.anotherProcess();
    eventsOf(jobs).subscribe(orderPaid, subscriber);
    const ids = await Promise.all(Array.from({ length: 50 }, create));
    await Promise.all(ids.map((id) => pay(id, paid(1))));
    await Promise.all([queue.jobs.drain(), jobs.drain()]);
    await queue.jobs.drain();
    expect(new Set(heard).size).to.equal(50);
    expect(heard).to.have.length(50);
  });

  it('of one document that cannot be made into jobs do not hold up the others', async () => {
    const heard: string[] = [];
    events.subscribe(orderPaid, { name: 'mail', run: ({ documentId }) => void heard.push(documentId) });
    const broken = await create();
    const sound = await create();
    // An event of a type that has another shape by now.
    const job = queue.jobs.register(
      defineJob({ name: 'other', payload: z.object({}), key: () => '', run: () => undefined }),
    );
    events.subscribeJob(defineEvent('order.lost', z.object({ x: z.string() })), job, () => ({ payload: {} }));
    await pay(broken, { ...paid(1), name: 'order.lost', data: {} });
    queue.clock.advance(1);
    await pay(sound, paid(1));
    await queue.jobs.drain();
    expect(heard).to.deep.equal([sound]);
    expect(await events.overview()).to.deep.include.members([
      { name: 'orders', waiting: 1, oldest: new Date(queue.clock.now().getTime() - 1) },
    ]);
    expect(alarms).to.have.length.greaterThan(0);
  });

  it('raise an alarm when more than fifty wait in one document', async () => {
    const id = await create();
    const many = Array.from({ length: 51 }, () => paid(1)) as [Event, ...Event[]];
    await orders.updateOne({ _id: id }, emitting({}, ...many));
    await queue.jobs.drain();
    expect(alarms).to.have.length(1);
    expect(alarms[0]).to.deep.include({ collection: 'orders', document: id, events: 51 });
  });

  it('a document that is marked makes its job run when the mark is due, once for all that set it', async () => {
    const billed: string[] = [];
    const job = queue.jobs.register(
      defineJob({
        name: 'bill',
        payload: z.object({ orderId: z.string() }),
        key: ({ orderId }) => orderId,
        run: ({ payload }) => void billed.push(payload.orderId),
      }),
    );
    events.watchMark(orders, 'billDueAt', job, (orderId) => ({ orderId }));
    const id = await create();
    const dueAt = new Date(queue.clock.now().getTime() + MINUTE);
    for (let n = 0; n < 3; n++) await orders.updateOne({ _id: id }, { $set: { billDueAt: dueAt } });
    await queue.jobs.drain();
    expect(billed).to.deep.equal([]);
    queue.clock.advance(MINUTE);
    await queue.jobs.drain();
    expect(billed).to.deep.equal([id]);
    expect(await orders.findById(id).lean()).to.not.have.property('billDueAt');
    await orders.updateOne({ _id: id }, { $set: { billDueAt: queue.clock.now() } });
    await queue.jobs.drain();
    expect(billed).to.deep.equal([id, id]);
  });
});

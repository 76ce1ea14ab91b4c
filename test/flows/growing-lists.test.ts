import { expect } from 'chai';
import { DAY } from '../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../support/test-app.js';
import { ask, CAPITAL, makeTest, take } from '../features/assessments/fixtures.js';
import { book, expectDone, firstSlot, offer } from '../features/consultations/fixtures.js';

const RIGHT = { [CAPITAL.text]: ['Москва'] };
const MANY = 1_500;

/** What one student has done in years must not slow the others: lists read and send a bounded number of records. */
describe('lists of a person with very much behind them', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
  });
  after(() => testApp.close());

  const rows = (model: string) => testApp.storage.connection.model(model).collection;
  /** Documents that a page reads of a collection, and the bytes that it sends. */
  async function cost(
    visitor: Visitor,
    path: string,
    model: string,
  ): Promise<{ read: number; bytes: number }> {
    const collection = rows(model) as unknown as {
      find(...args: unknown[]): { toArray(): Promise<unknown[]> };
    };
    const find = collection.find.bind(collection);
    let read = 0;
    Object.assign(collection, {
      find(...args: unknown[]) {
        const cursor = find(...args);
        const toArray = cursor.toArray.bind(cursor);
        cursor.toArray = async () => {
          const found = await toArray();
          read += found.length;
          return found;
        };
        return cursor;
      },
    });
    try {
      const page = await visitor.get(path);
      expect(page.status, page.body).to.equal(200);
      return { read, bytes: page.body.length };
    } finally {
      Reflect.deleteProperty(collection, 'find');
    }
  }

  it('attempts: the list, the page of a test and the home page stay as they are', async () => {
    const test = await makeTest(teacher, { title: 'Бесконечный', attemptsAllowed: '0' }, [CAPITAL]);
    await take(student, test, RIGHT);
    const [attempt] = await rows('TestAttempt').find({}).toArray();
    // Events that wait would be swept with the copies.
    const { _id, number: _n, events: _e, eventsAt: _at, ...rest } = attempt as Record<string, unknown>;
    const copies = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, at) => ({ ...rest, number: from + at, startedAt: new Date(at) }));
    await rows('TestAttempt').insertMany(copies(2, 601));
    const pages = ['', 'tests', `tests/${test}`];
    const before: Awaited<ReturnType<typeof cost>>[] = [];
    for (const path of pages) before.push(await cost(student, path, 'TestAttempt'));
    await rows('TestAttempt').insertMany(copies(601, MANY));
    for (const [at, path] of pages.entries()) {
      const now = await cost(student, path, 'TestAttempt');
      expect(now.read, path).to.be.below(Math.max(650, before[at]!.read + 50));
      expect(now.bytes, path).to.be.within(before[at]!.bytes - 500, before[at]!.bytes + 500);
    }
    const capped = await ask(student, 'POST', `tests/${test}/attempts`);
    expect(`${capped.status} ${(capped.data as { code: string }).code}`).to.equal('409 attempts-capped');
  });

  it('bookings: what is active stands before any number of cancelled ones', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 5));
    expectDone(await book(student, slot));
    const [booking] = await rows('ConsultationBooking').find({ kind: 'booking' }).toArray();
    const { _id, claims: _claims, requestKey: _key, ...rest } = booking as Record<string, unknown>;
    const cancelled = Array.from({ length: MANY }, (_, at) => ({
      ...rest,
      state: 'cancelled',
      startsAt: new Date((rest.startsAt as Date).getTime() + DAY + at),
      cancellation: { at: new Date(), by: '', side: 'student', reason: '' },
    }));
    await rows('ConsultationBooking').insertMany(cancelled);
    for (const path of ['', 'consultations']) {
      const { read } = await cost(student, path, 'ConsultationBooking');
      expect(read, path).to.be.below(700);
      expect((await student.get(path)).body, path).to.contain('Разбор задач');
    }
    expect((await cost(teacher, `consultations/slots/${slot}`, 'ConsultationBooking')).read).to.be.below(
      1_100,
    );
  });
});

import { expect } from 'chai';
import type { Actor } from '../../../src/shared/actor.js';
import { DomainError } from '../../../src/shared/errors.js';
import type { Role } from '../../../src/shared/roles.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  book,
  bookingOf,
  bookingsOf,
  cancel,
  firstSlot,
  offer,
  slotsOf,
  tally,
  wish,
  ask,
} from './fixtures.js';

const MOST_TURNS = 10;

const settle = async <Value>(act: () => Promise<Value>): Promise<PromiseSettledResult<Value>> =>
  (await Promise.allSettled([act()]))[0];

/**
 * Runs two acts at once, the second so many turns of the event loop later; with the most of them one after the other,
 * so that either end of the race is met however fast the machine is.
 * @param delay below zero: the first is the later one
 */
async function raceOf<A, B>(delay: number, first: () => Promise<A>, second: () => Promise<B>) {
  if (delay === MOST_TURNS) return [await settle(first), await settle(second)] as const;
  if (delay === -MOST_TURNS) {
    const won = await settle(second);
    return [await settle(first), won] as const;
  }
  const later = async (turns: number): Promise<void> => {
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return Promise.all([
    settle(() => later(-delay).then(first)),
    settle(() => later(delay).then(second)),
  ] as const);
}

describe('consultations: races', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let other: Visitor;
  let students: Visitor[];

  before(async function () {
    this.timeout(120_000);
    testApp = await startTestApp();
    // One is suspended in the course, so another is enrolled to make thirty.
    testApp.lms.control.enrol('2', '131', 'student');
    teacher = await testApp.launch({ person: '11', course: '2' });
    other = await testApp.launch({ person: '12', course: '2' });
    const ids = Array.from({ length: 31 }, (_, index) => String(101 + index)).filter((id) => id !== '128');
    students = [];
    for (const person of ids) {
      const student = await testApp.launch({ person, course: '2' });
      await student.csrf();
      students.push(student);
    }
  });
  after(() => testApp.close());

  it('gives three seats to exactly three of thirty', async () => {
    const series = await offer(testApp, teacher, 1, { capacity: 3 });
    const slot = await firstSlot(teacher, series);
    const replies = await Promise.all(students.map((student) => book(student, slot)));
    expect(tally(replies)).to.deep.equal({ done: 3, 'slot-full': 27 });
    const [seen] = await slotsOf(teacher, series);
    expect(seen!.bookings).to.have.length(3);
    expect(new Set(seen!.bookings!.map(({ name }) => name)).size).to.equal(3);
  });

  it('gives every one of thirty seats, and none twice', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 2, { capacity: 30 }));
    const replies = await Promise.all(students.map((student) => book(student, slot)));
    expect(tally(replies)).to.deep.equal({ done: 30 });
  });

  it('lets a student who clicks many times have one seat', async () => {
    const series = await offer(testApp, teacher, 3, { capacity: 5 });
    const slot = await firstSlot(teacher, series);
    const replies = await Promise.all(Array.from({ length: 10 }, () => book(students[0]!, slot)));
    expect(tally(replies)).to.deep.equal({ done: 1, 'already-booked': 9 });
    expect((await slotsOf(teacher, series))[0]!.booked).to.equal(1);
  });

  it('lets a student have one of two overlapping consultations', async () => {
    const first = await firstSlot(
      teacher,
      await offer(testApp, teacher, 4, { start: '15:00', end: '15:30' }),
    );
    const second = await firstSlot(other, await offer(testApp, other, 4, { start: '15:20', end: '15:50' }));
    for (const student of students.slice(0, 3)) {
      const replies = await Promise.all([book(student, first), book(student, second)]);
      expect(tally(replies)).to.deep.equal({ done: 1, 'booking-overlaps': 1 });
    }
  });

  it('lets a student have one of two overlapping consultations of two courses', async () => {
    const kuznetsov = await testApp.launch({ person: '17', course: '3' });
    const here = await firstSlot(teacher, await offer(testApp, teacher, 5));
    const there = await firstSlot(kuznetsov, await offer(testApp, kuznetsov, 5));
    for (const person of ['121', '122', '123']) {
      const item = await testApp.launch({ person, course: '2' });
      const two = await testApp.launch({ person, course: '3', browser: item.browser });
      await Promise.all([item.csrf(), two.csrf()]);
      const replies = await Promise.all([book(item, here), book(two, there)]);
      expect(tally(replies)).to.deep.equal({ done: 1, 'booking-overlaps': 1 });
    }
  });

  it('gives a seat that is freed to exactly one of those who wait', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 6, { capacity: 1 }));
    const [holder, ...rest] = students;
    expect((await book(holder!, slot)).status).to.equal(303);
    const { id } = await bookingOf(holder!, slot);
    // Some come before the seat is free, some after; all of them come again.
    await Promise.all([cancel(holder!, id), ...rest.map((student) => book(student, slot))]);
    await Promise.all(rest.map((student) => book(student, slot)));
    const { data } = await ask(teacher, 'GET', `consultations/slots/${slot}`);
    expect(data.slot.booked).to.equal(1);
  });

  it('gives a teacher’s time to one slot in all courses', async () => {
    const here = await testApp.launch({ person: '17', course: '2' });
    const there = await testApp.launch({ person: '17', course: '3', browser: here.browser });
    await Promise.all([here.csrf(), there.csrf()]);
    const replies = await Promise.all(
      [here, there, here, there].map((visitor) =>
        ask(visitor, 'POST', 'consultations/new', wish(testApp, 7, { start: '10:00', end: '12:00' })),
      ),
    );
    expect(replies.some(({ status }) => status === 303)).to.equal(true);
    const seen = [
      ...(await ask(here, 'GET', 'consultations')).data.days,
      ...(await ask(there, 'GET', 'consultations')).data.days,
    ].flatMap(({ slots }: { slots: { startsAt: string }[] }) => slots.map(({ startsAt }) => startsAt));
    const at = seen.filter((start) => start.startsWith(wish(testApp, 7).from as string));
    expect(at).to.have.length(4);
    expect(new Set(at).size).to.equal(4);
  });

  it('makes one series of a form that is sent many times at once', async () => {
    const sent = wish(testApp, 8, { draft: 'one-and-the-same' });
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => ask(teacher, 'POST', 'consultations/new', sent)),
    );
    const made = new Set(replies.map(({ headers }) => headers.get('location')));
    expect([...made]).to.have.length(1);
    const again = await ask(teacher, 'POST', 'consultations/new', sent);
    expect(made.has(again.headers.get('location'))).to.equal(true);
    const id = /([0-9a-f]{24})/.exec([...made][0] ?? '')?.[1] ?? '';
    expect(await slotsOf(teacher, id)).to.have.length(2);
    expect((await ask(teacher, 'GET', `consultations/${id}`)).data.series.leftOut).to.be.empty;
  });

  it('makes another series of a form that was changed and sent again', async () => {
    const sent = wish(testApp, 9, { draft: 'changed-meanwhile' });
    const first = await ask(teacher, 'POST', 'consultations/new', sent);
    const changed = { ...sent, title: 'Другое', start: '17:00', end: '18:00' };
    const second = await ask(teacher, 'POST', 'consultations/new', changed);
    expect(second.status).to.equal(303);
    expect(second.headers.get('location')).to.not.equal(first.headers.get('location'));
    const again = await ask(teacher, 'POST', 'consultations/new', { ...sent, title: 'Иначе, но тогда же' });
    expect(again.data.fields).to.have.all.keys('start');
  });

  it('leaves no booking on a slot that is cancelled concurrently', async () => {
    for (let round = 0; round < 5; round += 1) {
      const slot = await firstSlot(teacher, await offer(testApp, teacher, 10 + round, { capacity: 30 }));
      const [, ...replies] = await Promise.all([
        ask(teacher, 'POST', `consultations/slots/${slot}/cancel`, { reason: 'Заболела' }),
        ...students.slice(0, 10).map((student) => book(student, slot)),
      ]);
      const { data } = await ask(teacher, 'GET', `consultations/slots/${slot}`);
      expect(data.slot).to.include({ state: 'cancelled', booked: 0 });
      // Each person who was told "booked" has a record that says what became of it.
      for (const [index, { status }] of replies.entries()) {
        if (status !== 303) continue;
        const { past } = await bookingsOf(students[index]!);
        expect(past.find(({ slotId }) => slotId === slot)!.cancellation).to.include({ reason: 'Заболела' });
      }
    }
  });

  describe('in lockstep, without the requests that keep people apart', () => {
    const say = (moment: Date): string => moment.toISOString();
    let courseId: string;
    let teacherActor: Actor;
    let actors: Actor[];

    const actorOf = async (sub: string, role: Role): Promise<Actor> => {
      const { id: registrationId } = testApp.registration;
      const name = { surname: 'Студент', givenName: sub, patronymic: '' };
      const { people } = testApp.app.features.membership;
      const { id: personId } = await people.upsertFromLaunch({ registrationId, sub, name, email: '' });
      return { personId, registrationId, courseId, courseKey: '', courseTitle: '', role, name };
    };

    before(async () => {
      const id = await offer(testApp, teacher, 40);
      const model = testApp.storage.connection.model('ConsultationSeries');
      courseId = (await model.findById(id).lean<{ courseId: string }>())!.courseId;
      teacherActor = await actorOf('11', 'teacher');
      actors = await Promise.all(
        Array.from({ length: 30 }, (_, index) => actorOf(`lockstep-${index}`, 'student')),
      );
    });

    const outcome = (settled: PromiseSettledResult<unknown>): string => {
      if (settled.status === 'fulfilled') return 'done';
      if (settled.reason instanceof DomainError) return settled.reason.code;
      throw settled.reason;
    };
    const outcomes = (settled: readonly PromiseSettledResult<unknown>[]): Record<string, number> => {
      const counts: Record<string, number> = {};
      for (const item of settled) counts[outcome(item)] = (counts[outcome(item)] ?? 0) + 1;
      return counts;
    };

    it('gives three seats to exactly three of thirty', async () => {
      const { bookings } = testApp.app.features.consultations;
      const series = await offer(testApp, teacher, 41, { capacity: 3 });
      const slot = await firstSlot(teacher, series);
      const settled = await Promise.allSettled(actors.map((actor) => bookings.book(actor, slot, '', say)));
      expect(outcomes(settled)).to.deep.equal({ done: 3, 'slot-full': 27 });
      expect((await slotsOf(teacher, series))[0]!.booked).to.equal(3);
    });

    it('lets every one of thirty have one of two overlapping consultations', async () => {
      const { bookings } = testApp.app.features.consultations;
      const first = await firstSlot(teacher, await offer(testApp, teacher, 42, { capacity: 30 }));
      const second = await firstSlot(
        other,
        await offer(testApp, other, 42, { capacity: 30, start: '15:25' }),
      );
      const settled = await Promise.allSettled(
        actors.flatMap((actor) => [
          bookings.book(actor, first, '', say),
          bookings.book(actor, second, '', say),
        ]),
      );
      expect(outcomes(settled)).to.deep.equal({ done: 30, 'booking-overlaps': 30 });
    });

    it('either books a slot or removes it, never both', async () => {
      const { bookings } = testApp.app.features.consultations;
      const winners = new Set<string>();
      for (let delay = -MOST_TURNS; delay <= MOST_TURNS; delay += 1) {
        const slot = await firstSlot(teacher, await offer(testApp, teacher, 60 + delay, { capacity: 1 }));
        const [booked, removed] = await raceOf(
          delay,
          () => bookings.book(actors[0]!, slot, '', say),
          () => bookings.removeSlot(teacherActor, slot),
        );
        const { data } = await ask(teacher, 'GET', `consultations/slots/${slot}`);
        const [told, did] = [outcome(booked), outcome(removed)];
        // Exactly one of the two succeeds, and what the other is told is so.
        const booking = { told: 'done', did: 'slot-booked', state: 'open', booked: 1 };
        const removing = { told: 'slot-cancelled', did: 'done', state: 'removed', booked: 0 };
        const { state, booked: seats } = data.slot as { state: string; booked: number };
        expect({ told, did, state, booked: seats }, `after ${delay} turns`).to.deep.equal(
          told === 'done' ? booking : removing,
        );
        winners.add(told === 'done' ? 'booking' : 'removing');
      }
      // Both ends of the race were met.
      expect(winners).to.have.keys('booking', 'removing');
    });
  });
});

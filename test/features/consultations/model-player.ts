/** Plays a sequence of actions through the services and through the model, and compares. */
import { expect } from 'chai';
import { createBookingsStore } from '../../../src/features/consultations/bookings/bookings.store.js';
import { createMovesStore } from '../../../src/features/consultations/bookings/moves.store.js';
import { createSettleBooking } from '../../../src/features/consultations/bookings/settle-booking.js';
import { createWaitingStore } from '../../../src/features/consultations/bookings/waiting.store.js';
import { DomainError } from '../../../src/shared/errors.js';
import type { TestApp } from '../../support/test-app.js';
import { BUSY, EDGES, type ModelBooking, type ModelSlot } from './model.js';
import {
  BEGINS_AT,
  LENGTH,
  ROOMS,
  SERIES,
  STUDENTS,
  TEACHERS,
  type Action,
  type Course,
} from './model-actions.js';
import { Model } from './model-slots.js';
import { clockTime, createWorld } from './model-world.js';

/** Answers that say no more than that someone has no time. */
const BUSY_CODES = ['booking-overlaps', 'companion-busy', 'already-booked'];
const say = (moment: Date): string => moment.toISOString();
const courseOf = (slot: ModelSlot): Course => SERIES.find(({ name }) => name === slot.series.name)!.course;

export async function createPlayer(testApp: TestApp) {
  const { bookings, series: seriesService, attendance } = testApp.app.features.consultations;
  const { connection } = testApp.storage;
  const world = await createWorld(testApp);
  const { midnight, dateOf, momentOf, personIds, roomIds, seriesIds, fresh } = world;
  const { actorOf, termsOf, times, seriesRows, records } = world;
  let now = BEGINS_AT;
  // Stands still but for the actions, and goes back between sequences: no token is looked at any more.
  testApp.clock.now = () => new Date(midnight + now);
  const settleBooking = createSettleBooking({
    bookings: createBookingsStore(connection),
    moves: createMovesStore(connection),
    waiting: createWaitingStore(connection),
    clock: testApp.clock,
  });

  /** What a sequence has changed beside times. */
  const touched = { records: false, series: false };

  /** Returns everything to the beginning. */
  async function begin() {
    now = BEGINS_AT;
    if (touched.records) await records.deleteMany({});
    if (touched.series) {
      await seriesRows.deleteMany({});
      await seriesRows.insertMany(fresh.series);
    }
    Object.assign(touched, { records: false, series: false });
    await times.deleteMany({});
    await times.insertMany(fresh.slots);
    const all = SERIES.map((of) => ({ ...of, teacher: TEACHERS[of.course].owner }));
    const slots = all.flatMap((series) =>
      series.starts.map((start): ModelSlot => ({
        ...{ series, teacher: series.teacher, room: '', start, length: LENGTH, state: 'open' },
        ...{ version: 0, marks: new Map() },
      })),
    );
    return { all, model: new Model(slots, now), slotIds: [...world.freshSlotIds] };
  }

  async function answerOf(act: () => Promise<unknown>): Promise<string> {
    try {
      await act();
      return '';
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return error.code;
    }
  }

  async function play(actions: readonly Action[]): Promise<void> {
    const { all, model, slotIds } = await begin();
    const rows = new Map<ModelBooking, string>();
    /** Slots for which someone has ever waited. */
    const waited = new Set<string>();

    let note = '';
    const idOf = (slot: ModelSlot): string => slotIds[model.slots.indexOf(slot)]!;
    async function compare(said: string, act: () => Promise<unknown>): Promise<void> {
      const answer = await answerOf(act);
      const fits = said === BUSY ? BUSY_CODES.includes(answer) : answer === said;
      expect(fits, `${note}: ${answer || 'done'} in place of ${said || 'done'}`).to.equal(true);
    }
    const teacherIn = (course: Course, by: 'owner' | 'other') => {
      const sub = TEACHERS[course][by];
      return { sub, actor: actorOf(sub, course, 'teacher') };
    };
    /** Who teaches a course does not study in it. */
    const studentsIn = (course: Course): string[] => STUDENTS.filter((sub) => sub !== TEACHERS[course].owner);
    /** Who speaks of a booking: a teacher, or one of those who come. */
    const speakerOf = (
      { slot, people }: ModelBooking,
      { by, companion }: { by: 'owner' | 'other' | null; companion: boolean },
    ) => {
      if (by !== null) return { ...teacherIn(courseOf(slot), by), teacher: true };
      const sub = people[companion ? people.length - 1 : 0]!;
      return { sub, actor: actorOf(sub, courseOf(slot), 'student'), teacher: false };
    };
    /** Remembers what has been booked. */
    function keep(before: number, id: string | undefined): void {
      const made = model.bookings[before];
      if (made !== undefined) rows.set(made, id ?? '');
    }

    async function onBooking(act: Extract<Action, { booking: number }>): Promise<void> {
      // An offer, or what is asked for, where there is one to be answered.
      const state = act.do === 'accept' ? 'offered' : act.do === 'approve' ? 'asked' : null;
      const apt = model.bookings.filter((item) => item.state === state);
      const among = apt.length > 0 ? apt : model.bookings;
      const found = among[act.booking % Math.max(1, among.length)];
      if (found === undefined) return;
      const id = rows.get(found)!;
      if (act.do === 'accept') {
        const actor = actorOf(found.people[0]!, courseOf(found.slot), 'student');
        return compare(model.accept(found), () => bookings.accept(actor, id, say));
      }
      if (act.do === 'approve') {
        const { sub, actor } = teacherIn(courseOf(found.slot), act.by);
        return compare(model.approve(found, sub), () => bookings.approve(actor, id));
      }
      const { sub, actor, teacher } = speakerOf(found, act);
      if (act.do === 'undo') return compare(model.undo(found, sub, teacher), () => bookings.undo(actor, id));
      if (act.do === 'cancel')
        return compare(model.cancel(found, sub, teacher), () => bookings.cancelBooking(actor, id, 'причина'));
      const to = model.slots[act.slot % model.slots.length]!;
      if (courseOf(found.slot) !== courseOf(to)) return;
      await compare(model.move(found, to, teacher ? sub : ''), () =>
        bookings.moveBooking(actor, id, idOf(to), say),
      );
    }

    async function onSlotAsStudent(act: Extract<Action, { student: number }>): Promise<void> {
      const slot = model.slots[act.slot % model.slots.length]!;
      const sub = STUDENTS[act.student]!;
      const students = studentsIn(courseOf(slot));
      if (!students.includes(sub)) return;
      const actor = actorOf(sub, courseOf(slot), 'student');
      const before = model.bookings.length;
      const slotId = idOf(slot);
      if (act.do === 'join') {
        waited.add(slotId);
        await compare(model.join(sub, slot, act.tell), () => bookings.join(actor, slotId, act.tell));
        const { personId } = actor;
        const own = { kind: 'booking', slotId, personIds: personId, state: { $in: ['waiting', 'offered'] } };
        keep(before, String((await times.findOne(own))?._id));
        return;
      }
      const friend = act.friend ? STUDENTS[(act.student + 1) % STUDENTS.length]! : null;
      const people = friend === null ? [sub] : [sub, friend];
      const personIdsOf = people.map((person) => personIds.get(person)!);
      const options = {
        key: String(before),
        ...(friend !== null && { personIds: personIdsOf }),
      };
      let id: string | undefined;
      const ask = async () => (id = (await bookings.book(actor, slotId, '', say, options)).id);
      await compare(model.book(sub, people, slot, students), ask);
      keep(before, id);
      const made = id;
      if (act.again && made !== undefined) {
        await ask();
        expect(id, `${note}, asked again`).to.equal(made);
      }
    }

    async function onSlot(
      act: Exclude<Extract<Action, { slot: number; by: unknown }>, { booking: number }>,
    ): Promise<void> {
      const slot = model.slots[act.slot % model.slots.length]!;
      const id = idOf(slot);
      const course = courseOf(slot);
      const { sub, actor } = teacherIn(course, act.by);
      const before = model.bookings.length;
      switch (act.do) {
        case 'group': {
          const people = ['121', '122'];
          const options = { personIds: people.map((person) => personIds.get(person)!) };
          let made: string | undefined;
          await compare(model.book('', people, slot, people, sub), async () => {
            made = (await bookings.book(actor, id, '', say, options)).id;
          });
          keep(before, made);
          return;
        }
        case 'cancelSlot':
          return compare(model.cancelSlot(slot, sub), () => bookings.cancelSlot(actor, id, 'причина'));
        case 'removeSlot':
          return compare(model.removeSlot(slot, sub), () => bookings.removeSlot(actor, id));
        case 'moveSlot': {
          const to = { date: dateOf(act.to), start: clockTime(act.to), reason: 'причина' };
          return compare(model.moveSlot(slot, act.to, sub), () => bookings.moveSlot(actor, id, to));
        }
        case 'substitute': {
          const teacher = TEACHERS[course][act.teacher];
          return compare(model.reassign(slot, { teacher }, sub), () =>
            bookings.substitute(actor, id, personIds.get(teacher)!),
          );
        }
        case 'room':
          return compare(model.reassign(slot, { room: act.room }, sub), () =>
            bookings.moveTo(actor, id, roomIds.get(act.room)!),
          );
        case 'mark': {
          touched.records = true;
          const version = slot.version + (act.stale ? 1 : 0);
          const words = { sharedNote: '', confidentialNote: '', marks: new Map<string, never>() };
          return compare(model.mark(slot, act.mark, sub, version), async () => {
            const recorded = await attendance.findToRecord(actor, id);
            await attendance.save(actor, recorded, { version, others: act.mark, ...words });
          });
        }
      }
    }

    async function onSeries(act: Extract<Action, { series: number }>): Promise<void> {
      const series = all[act.series]!;
      const seriesId = seriesIds[act.series]!;
      const { sub, actor } = teacherIn(series.course, act.by);
      if (act.do === 'addSlot') {
        const span = { date: dateOf(act.to), start: clockTime(act.to), end: clockTime(act.to + LENGTH) };
        const count = model.slots.length;
        await compare(model.addSlot(series, act.to, LENGTH, sub), () =>
          seriesService.addSlots(actor, seriesId, span),
        );
        if (model.slots.length === count) return;
        const made = await times.find({ kind: 'slot', seriesId }).project({ _id: 1 }).toArray();
        slotIds.push(made.map(({ _id }) => String(_id)).find((id) => !slotIds.includes(id))!);
        return;
      }
      touched.series = true;
      if (act.do === 'end') return compare(model.end(series, sub), () => seriesService.end(actor, seriesId));
      const limits = { ...series.limits, [act.limit]: act.most };
      const change = { capacity: Math.max(1, series.capacity + act.more), limits };
      await compare(model.edit(series, change, sub), () =>
        seriesService.edit(actor, seriesId, termsOf(act.series, { ...series, ...change })),
      );
    }

    async function wait(act: Extract<Action, { jobs: boolean }>): Promise<void> {
      const slot = act.do === 'waitFor' ? model.slots[act.slot % model.slots.length]! : null;
      now = act.do === 'waitFor' ? Math.max(now, EDGES[act.edge](slot!) + act.past) : now + act.ms;
      model.now = now;
      if (!act.jobs) return;
      for (const item of model.bookings) if (item.state === 'offered') await settleBooking(rows.get(item)!);
      model.expire();
    }

    for (const [step, act] of actions.entries()) {
      note = `${step}: ${JSON.stringify(act)}`;
      if ('jobs' in act) await wait(act);
      else if ('series' in act) await onSeries(act);
      else if ('booking' in act) await onBooking(act);
      else if ('student' in act) await onSlotAsStudent(act);
      else await onSlot(act);
      // Offers of free seats are made by a job after its event; here at once.
      for (const slotId of waited) await bookings.offerSeats(slotId);
      model.offer();
    }
    await compareStored(model, rows, slotIds);
    if (touched.records) await compareRecords(model, slotIds);
  }

  async function compareRecords(model: Model, slotIds: readonly string[]): Promise<void> {
    const stored = new Map((await records.find({}).toArray()).map((row) => [String(row.slotId), row]));
    for (const [index, { version, marks }] of model.slots.entries()) {
      const row = stored.get(slotIds[index]!);
      expect(row?.version ?? 0).to.equal(version);
      const entries = (row?.entries ?? []) as { personId: string; mark: string }[];
      const wanted = [...marks].map(([sub, mark]) => ({ personId: personIds.get(sub), mark }));
      expect(entries.map(({ personId, mark }) => ({ personId, mark }))).to.have.deep.members(wanted);
    }
  }

  async function compareStored(
    model: Model,
    rows: ReadonlyMap<ModelBooking, string>,
    slotIds: readonly string[],
  ): Promise<void> {
    const stored = await times.find({}).toArray();
    const byId = new Map(stored.map((row) => [String(row._id), row]));
    for (const [item, id] of rows) {
      const row = byId.get(id)!;
      const state = { telling: 'waiting', asked: 'requested' }[item.state as string] ?? item.state;
      expect(row.state).to.equal(state);
      expect(row.personIds).to.have.members(item.people.map((sub) => personIds.get(sub)));
      expect(row.slotId).to.equal(slotIds[model.slots.indexOf(item.slot)]);
      if (state === 'booked' || state === 'requested')
        expect(row.startsAt).to.deep.equal(momentOf(item.slot.start));
    }
    for (const [index, { start, state, length, teacher, room }] of model.slots.entries()) {
      const row = byId.get(slotIds[index]!)!;
      expect(row.state).to.equal(state);
      expect(row.teacherId).to.equal(personIds.get(teacher));
      if (state !== 'open') continue;
      expect(row.roomId ?? '').to.equal(roomIds.get(room));
      expect(row.startsAt).to.deep.equal(momentOf(start));
      expect(row.endsAt).to.deep.equal(momentOf(start + length));
    }
    expect(rows.size).to.equal(stored.filter(({ kind }) => kind === 'booking').length);
    // Nothing holds time that the model does not know of, and no lock is left.
    const claims = stored.flatMap((row) => (row.claims ?? []) as string[]);
    const held = (kind: string) => claims.filter((claim) => claim.startsWith(`${kind}:`)).length;
    const cellsOf = (sets: Set<number>[]) => sets.reduce((sum, { size }) => sum + size, 0);
    expect(held('p'), 'time of people').to.equal(
      cellsOf([...personIds.keys()].map((sub) => model.held(sub))),
    );
    expect(held('r'), 'time of rooms').to.equal(cellsOf(ROOMS.map((room) => model.roomHeld(room))));
    expect(held('x'), 'locks').to.equal(0);
  }

  return { play };
}

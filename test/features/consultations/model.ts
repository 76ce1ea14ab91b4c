/** What consultations are to do, in plain words and without a database: the measure of the property test. */
import { DAY, HOUR, MINUTE } from '../../../src/shared/clock.js';
import type { Mark } from '../../../src/features/consultations/held/marks.js';

/** `asked`: waits for the teacher's yes. `telling`: only wants word of a free seat. */
export type State = 'waiting' | 'telling' | 'offered' | 'asked' | 'booked' | 'cancelled';

export interface ModelSeries {
  readonly name: string;
  readonly teacher: string;
  /** A limit counts the bookings of all series of a type. */
  readonly type: string;
  readonly individual: boolean;
  readonly approval: boolean;
  /** Whether students see each other's names, and so may book together. */
  readonly shown: boolean;
  readonly opensDays: number;
  readonly closesHours: number;
  readonly rescheduleHours: number;
  readonly cancelHours: number;
  /** Minutes of the teacher that are kept free. */
  readonly before: number;
  readonly after: number;
  capacity: number;
  /** Bookings of one student; 0: any number. */
  limits: Readonly<Record<LimitKind, number>>;
  ended: boolean;
}

export const LIMITS = ['at-once', 'week', 'series'] as const;
export type LimitKind = (typeof LIMITS)[number];

export interface ModelSlot {
  readonly series: ModelSeries;
  teacher: string;
  room: string;
  /** Minutes from the beginning of the first day. */
  start: number;
  readonly length: number;
  state: 'open' | 'cancelled' | 'removed';
  /** How often attendance was written, and what of whom. */
  version: number;
  marks: Map<string, Mark>;
}

export interface ModelBooking {
  people: string[];
  readonly by: string;
  slot: ModelSlot;
  state: State;
  /** Milliseconds from the beginning of the first day. */
  at: number;
  offeredUntil: number;
}

/** Codes of which one is answered where several things stand in the way of several people. */
export const BUSY = 'busy';
/** Longest that a seat is held for who is next on the list. */
const OFFER_MS = 12 * HOUR;
const WEEK = 7 * DAY;
const CELL = 5;

/** Students of one group of their course, who may book together where names are hidden. */
const GROUP: readonly string[] = ['121', '122'];

const COMING: readonly State[] = ['booked', 'asked'];
export const startOf = ({ start }: ModelSlot): number => start * MINUTE;
const weekOf = (slot: ModelSlot): number => Math.floor(startOf(slot) / WEEK);
export const cells = (start: number, length: number): number[] =>
  Array.from({ length: length / CELL }, (_, index) => start / CELL + index);
/** Cells of a teacher's time. */
const taught = ({ start, length, series: { before, after } }: ModelSlot): number[] =>
  cells(start - before, before + length + after);

/** The last moments for what students do, and the first. */
export const EDGES = {
  starts: startOf,
  opens: (slot: ModelSlot) => startOf(slot) - (slot.series.opensDays || 1_000) * DAY,
  closes: (slot: ModelSlot) => startOf(slot) - slot.series.closesHours * HOUR,
  reschedules: (slot: ModelSlot) => startOf(slot) - slot.series.rescheduleHours * HOUR,
  cancels: (slot: ModelSlot) => startOf(slot) - slot.series.cancelHours * HOUR,
} as const;

/** What people do with bookings. */
export class ModelOfBookings {
  readonly bookings: ModelBooking[] = [];
  /** @param now milliseconds from the beginning of the first day */
  constructor(
    readonly slots: ModelSlot[],
    public now: number,
  ) {}

  /** Runs a series, or a slot of it as a substitute. */
  protected manages = (sub: string, slot: ModelSlot): boolean =>
    slot.series.teacher === sub || slot.teacher === sub;
  protected begun = (slot: ModelSlot): boolean => this.now >= startOf(slot);

  /** Why a slot takes no bookings; '' if it takes them. A teacher is not held to the times for students. */
  #standing(slot: ModelSlot, byTeacher: boolean): string {
    if (slot.state !== 'open') return 'slot-cancelled';
    if (this.begun(slot)) return 'slot-past';
    if (slot.series.ended) return 'series-ended';
    if (byTeacher) return '';
    if (this.now < EDGES.opens(slot)) return 'booking-early';
    return this.now > EDGES.closes(slot) ? 'booking-closed' : '';
  }

  protected seated(slot: ModelSlot): ModelBooking[] {
    return this.bookings.filter(
      ({ slot: of, state }) => of === slot && (state === 'offered' || COMING.includes(state)),
    );
  }
  #seats(slot: ModelSlot, without?: ModelBooking): number {
    return this.seated(slot)
      .filter((booking) => booking !== without)
      .reduce((sum, { people }) => sum + people.length, 0);
  }
  #waits = (slot: ModelSlot): boolean =>
    this.bookings.some((booking) => booking.slot === slot && booking.state === 'waiting');

  /** Cells of a person's time that are held, by slots they teach and by what they have booked. */
  held(person: string, without?: ModelBooking | ModelSlot): Set<number> {
    const slots = this.slots.filter(
      (slot) => slot !== without && slot.teacher === person && slot.state === 'open',
    );
    const booked = this.bookings.filter(
      (item) => item !== without && COMING.includes(item.state) && item.people.includes(person),
    );
    return new Set([
      ...slots.flatMap(taught),
      ...booked.flatMap(({ slot }) => cells(slot.start, slot.length)),
    ]);
  }
  /** Cells of a room's time. */
  roomHeld(room: string, without?: ModelSlot): Set<number> {
    const in_ = this.slots.filter(
      (slot) => slot !== without && room !== '' && slot.room === room && slot.state === 'open',
    );
    return new Set(in_.flatMap(({ start, length }) => cells(start, length)));
  }
  #busy(person: string, { start, length }: ModelSlot, without?: ModelBooking): boolean {
    const held = this.held(person, without);
    return cells(start, length).some((cell) => held.has(cell));
  }
  /** Whether a teacher or a room has no time for a slot as it is to be. */
  protected clashes(wanted: ModelSlot, slot?: ModelSlot): boolean {
    const teacher = this.held(wanted.teacher, slot);
    const room = this.roomHeld(wanted.room, slot);
    return (
      taught(wanted).some((cell) => teacher.has(cell)) ||
      cells(wanted.start, wanted.length).some((cell) => room.has(cell))
    );
  }

  #counts(kind: LimitKind, { slot: booked }: ModelBooking, slot: ModelSlot): boolean {
    if (booked.series.type !== slot.series.type) return false;
    if (kind === 'at-once') return startOf(booked) + booked.length * MINUTE > this.now;
    return kind === 'week' ? weekOf(booked) === weekOf(slot) : booked.series === slot.series;
  }
  #overLimit(people: readonly string[], slot: ModelSlot, without?: ModelBooking): string {
    for (const person of people) {
      for (const kind of LIMITS) {
        const most = slot.series.limits[kind];
        // Who moves within a limit takes no second place.
        const within =
          without !== undefined && COMING.includes(without.state) && this.#counts(kind, without, slot);
        if (most === 0 || within) continue;
        const counted = this.bookings.filter(
          (item) =>
            item !== without &&
            COMING.includes(item.state) &&
            item.people.includes(person) &&
            this.#counts(kind, item, slot),
        );
        if (counted.length >= most) return `limit-${kind}`;
      }
    }
    return '';
  }
  #refusal(people: readonly string[], slot: ModelSlot, without?: ModelBooking): string {
    if (this.#seats(slot, without) + people.length > slot.series.capacity) return 'slot-full';
    const limit = this.#overLimit(people, slot, without);
    if (limit !== '') return limit;
    return people.some((person) => this.#busy(person, slot, without)) ? BUSY : '';
  }

  /** @param students those of the course. @param teacher who books for others; '' for a student */
  book(by: string, people: string[], slot: ModelSlot, students: readonly string[], teacher = ''): string {
    if (teacher !== '' && !this.manages(teacher, slot)) return 'forbidden';
    const known = (person: string): boolean =>
      teacher !== '' || slot.series.shown || [by, person].every((id) => GROUP.includes(id));
    if (people.some((person) => person !== by && !(students.includes(person) && known(person))))
      return 'bad-input';
    const standing = this.#standing(slot, teacher !== '');
    if (standing !== '') return standing;
    if (this.seated(slot).some((booking) => booking.people.some((person) => people.includes(person))))
      return 'already-booked';
    if (teacher === '' && this.#waits(slot)) return 'slot-full';
    const refusal = this.#refusal(people, slot);
    const state = slot.series.approval && teacher === '' ? 'asked' : 'booked';
    if (refusal === '')
      this.bookings.push({ people, by: teacher || by, slot, state, at: this.now, offeredUntil: 0 });
    return refusal;
  }

  approve(booking: ModelBooking, teacher: string): string {
    if (!this.manages(teacher, booking.slot)) return 'forbidden';
    if (this.begun(booking.slot)) return 'slot-past';
    if (booking.state === 'booked') return '';
    if (booking.state !== 'asked') return 'try-again';
    booking.state = 'booked';
    return '';
  }

  cancel(booking: ModelBooking, person: string, isTeacher: boolean): string {
    const { slot, state } = booking;
    if (isTeacher && !this.manages(person, slot)) return 'forbidden';
    if (state === 'cancelled') return '';
    if (this.begun(slot)) return 'slot-past';
    const comes = COMING.includes(state);
    if (!isTeacher && comes && this.now > EDGES.cancels(slot)) return 'cancel-closed';
    if (!isTeacher && comes && booking.people.length > 1 && booking.by !== person)
      booking.people = booking.people.filter((other) => other !== person);
    else booking.state = 'cancelled';
    return '';
  }

  undo(booking: ModelBooking, person: string, isTeacher: boolean): string {
    if (isTeacher && !this.manages(person, booking.slot)) return 'forbidden';
    if (booking.state === 'cancelled') return '';
    const mine = COMING.includes(booking.state) && booking.by === person;
    if (!mine || this.now - booking.at > MINUTE || this.begun(booking.slot)) return 'undo-late';
    booking.state = 'cancelled';
    return '';
  }

  move(booking: ModelBooking, slot: ModelSlot, teacher: string): string {
    if (teacher !== '' && !this.manages(teacher, booking.slot)) return 'forbidden';
    if (!COMING.includes(booking.state)) return 'try-again';
    if (booking.slot === slot) return 'already-booked';
    if (this.begun(booking.slot)) return 'slot-past';
    if (teacher !== '' && !this.manages(teacher, slot)) return 'forbidden';
    if (teacher === '' && this.now > EDGES.reschedules(booking.slot)) return 'reschedule-closed';
    const standing = this.#standing(slot, teacher !== '');
    if (standing !== '') return standing;
    if (teacher === '' && this.#waits(slot)) return 'slot-full';
    const refusal = this.#refusal(booking.people, slot, booking);
    if (refusal !== '') return refusal;
    booking.slot = slot;
    // What a student moves is asked for anew; a teacher who moves it says neither yes nor no.
    if (teacher === '') booking.state = slot.series.approval ? 'asked' : 'booked';
    return '';
  }

  join(person: string, slot: ModelSlot, tellOnly: boolean): string {
    const standing = this.#standing(slot, false);
    if (standing !== '') return standing;
    const own = this.bookings.filter(
      (item) => item.slot === slot && item.state !== 'cancelled' && item.people.includes(person),
    );
    if (own.some(({ state }) => state === 'offered' || COMING.includes(state))) return 'already-booked';
    if (own.length > 0) return '';
    if (this.#seats(slot) < slot.series.capacity && !this.#waits(slot)) return 'slot-free';
    const state = tellOnly ? 'telling' : 'waiting';
    this.bookings.push({ people: [person], by: person, slot, state, at: this.now, offeredUntil: 0 });
    return '';
  }

  accept(booking: ModelBooking): string {
    if (COMING.includes(booking.state)) return '';
    const { slot, people } = booking;
    if (booking.state !== 'offered' || this.now >= Math.min(booking.offeredUntil, startOf(slot)))
      return 'offer-over';
    const limit = this.#overLimit(people, slot, booking);
    if (limit !== '') return limit;
    if (people.some((person) => this.#busy(person, slot, booking))) return BUSY;
    booking.state = slot.series.approval ? 'asked' : 'booked';
    booking.at = this.now;
    return '';
  }

  /** Offers free seats to those who wait, the first first; then tells those who only want word. */
  offer(): void {
    for (const slot of this.slots) {
      if (this.#standing(slot, false) !== '') continue;
      const of = (state: State) => this.bookings.filter((item) => item.slot === slot && item.state === state);
      for (const next of of('waiting')) {
        if (this.#seats(slot) >= slot.series.capacity) break;
        next.state = 'offered';
        next.offeredUntil = Math.min(this.now + OFFER_MS, EDGES.closes(slot));
      }
      if (this.#seats(slot) < slot.series.capacity)
        for (const told of of('telling')) told.state = 'cancelled';
    }
  }

  /** Ends the offers whose time is over. */
  expire(): void {
    for (const booking of this.bookings)
      if (booking.state === 'offered' && booking.offeredUntil <= this.now) booking.state = 'cancelled';
  }
}

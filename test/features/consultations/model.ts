/** What consultations are to do, in plain words and without a database: the measure of the property test. */

export type State = 'waiting' | 'telling' | 'offered' | 'booked' | 'cancelled';

/** Minutes from the beginning of the first day. */
interface Time {
  start: number;
  readonly length: number;
}

export interface ModelSlot extends Time {
  readonly name: string;
  readonly series: string;
  readonly teacher: string;
  readonly capacity: number;
  /** Bookings of one student in the series, or in the series and a week; 0: any number. */
  readonly limit: number;
  readonly per: 'series' | 'week';
  state: 'open' | 'cancelled' | 'removed';
}

export interface ModelBooking {
  people: string[];
  readonly by: string;
  slot: ModelSlot;
  state: State;
}

/** Codes of which one is answered where several things stand in the way of several people. */
export const BUSY = 'busy';

const CELL = 5;
export const DAY_MINUTES = 24 * 60;

/** Whether a booking of a slot counts in the limit of another. */
const countsIn = (booked: ModelSlot, other: ModelSlot): boolean => {
  const week = ({ start }: ModelSlot): number => Math.floor(start / (7 * DAY_MINUTES));
  return booked.series === other.series && (other.per === 'series' || week(booked) === week(other));
};
const cells = (start: number, length: number): number[] =>
  Array.from({ length: length / CELL }, (_, index) => start / CELL + index);

export class Model {
  readonly bookings: ModelBooking[] = [];
  constructor(readonly slots: readonly ModelSlot[]) {}

  #seated(slot: ModelSlot): ModelBooking[] {
    return this.bookings.filter(
      (booking) => booking.slot === slot && (booking.state === 'booked' || booking.state === 'offered'),
    );
  }
  #seats(slot: ModelSlot, without?: ModelBooking): number {
    return this.#seated(slot)
      .filter((booking) => booking !== without)
      .reduce((sum, { people }) => sum + people.length, 0);
  }
  #waits = (slot: ModelSlot): boolean =>
    this.bookings.some((booking) => booking.slot === slot && booking.state === 'waiting');

  /** Cells of a person's time that are held, by slots they teach and by what they have booked. */
  #held(person: string, without?: ModelBooking | ModelSlot): Set<number> {
    const own = [
      ...this.slots.filter((slot) => slot !== without && slot.teacher === person && slot.state === 'open'),
      ...this.bookings
        .filter((item) => item !== without && item.state === 'booked' && item.people.includes(person))
        .map(({ slot }) => slot),
    ];
    return new Set(own.flatMap(({ start, length }) => cells(start, length)));
  }
  #busy(person: string, { start, length }: Time, without?: ModelBooking): boolean {
    const held = this.#held(person, without);
    return cells(start, length).some((cell) => held.has(cell));
  }
  #overLimit(people: readonly string[], slot: ModelSlot, without?: ModelBooking): boolean {
    // Who moves within a limit takes no second place.
    if (slot.limit === 0 || (without?.state === 'booked' && countsIn(without.slot, slot))) return false;
    return people.some((person) => {
      const counted = this.bookings.filter(
        (item) =>
          item !== without &&
          item.state === 'booked' &&
          countsIn(item.slot, slot) &&
          item.people.includes(person),
      );
      return counted.length >= slot.limit;
    });
  }
  #refusal(people: readonly string[], slot: ModelSlot, without?: ModelBooking): string {
    if (this.#seats(slot, without) + people.length > slot.capacity) return 'slot-full';
    if (this.#overLimit(people, slot, without)) return `limit-${slot.per}`;
    return people.some((person) => this.#busy(person, slot, without)) ? BUSY : '';
  }

  book(by: string, people: string[], slot: ModelSlot, byTeacher: boolean): string {
    if (slot.state !== 'open') return 'slot-cancelled';
    if (this.#seated(slot).some((booking) => booking.people.some((person) => people.includes(person))))
      return 'already-booked';
    if (!byTeacher && this.#waits(slot)) return 'slot-full';
    const refusal = this.#refusal(people, slot);
    if (refusal === '') this.bookings.push({ people, by, slot, state: 'booked' });
    return refusal;
  }

  cancel(booking: ModelBooking, person: string | null): string {
    if (booking.state === 'cancelled') return '';
    const leaves =
      person !== null && booking.state === 'booked' && booking.people.length > 1 && booking.by !== person;
    if (leaves) booking.people = booking.people.filter((other) => other !== person);
    else booking.state = 'cancelled';
    this.offer(booking.slot);
    return '';
  }

  undo(booking: ModelBooking, person: string): string {
    if (booking.state === 'cancelled') return '';
    if (booking.state !== 'booked' || booking.by !== person) return 'undo-late';
    booking.state = 'cancelled';
    this.offer(booking.slot);
    return '';
  }

  move(booking: ModelBooking, slot: ModelSlot, byTeacher: boolean): string {
    if (booking.state !== 'booked') return 'try-again';
    if (booking.slot === slot) return 'already-booked';
    if (slot.state !== 'open') return 'slot-cancelled';
    if (!byTeacher && this.#waits(slot)) return 'slot-full';
    const refusal = this.#refusal(booking.people, slot, booking);
    if (refusal !== '') return refusal;
    const from = booking.slot;
    booking.slot = slot;
    this.offer(from);
    return '';
  }

  join(person: string, slot: ModelSlot, tellOnly: boolean): string {
    if (slot.state !== 'open') return 'slot-cancelled';
    const own = this.bookings.filter(
      (item) => item.slot === slot && item.state !== 'cancelled' && item.people.includes(person),
    );
    if (own.some(({ state }) => state === 'booked' || state === 'offered')) return 'already-booked';
    if (own.length > 0) return '';
    if (this.#seats(slot) < slot.capacity && !this.#waits(slot)) return 'slot-free';
    this.bookings.push({ people: [person], by: person, slot, state: tellOnly ? 'telling' : 'waiting' });
    this.offer(slot);
    return '';
  }

  accept(booking: ModelBooking): string {
    if (booking.state === 'booked') return '';
    if (booking.state !== 'offered') return 'offer-over';
    const { slot, people } = booking;
    if (this.#overLimit(people, slot, booking)) return `limit-${slot.per}`;
    if (people.some((person) => this.#busy(person, slot, booking))) return BUSY;
    booking.state = 'booked';
    return '';
  }

  /** Offers free seats to those who wait, the first first; then tells those who only want word. */
  offer(slot: ModelSlot): void {
    if (slot.state !== 'open') return;
    const of = (state: State) => this.bookings.filter((item) => item.slot === slot && item.state === state);
    for (const next of of('waiting')) {
      if (this.#seats(slot) >= slot.capacity) return;
      next.state = 'offered';
    }
    if (this.#seats(slot) < slot.capacity) for (const told of of('telling')) told.state = 'cancelled';
  }

  cancelSlot(slot: ModelSlot): string {
    if (slot.state !== 'open') return '';
    slot.state = 'cancelled';
    for (const booking of this.bookings) if (booking.slot === slot) booking.state = 'cancelled';
    return '';
  }

  removeSlot(slot: ModelSlot): string {
    if (slot.state !== 'open') return '';
    if (this.#seated(slot).length > 0) return 'slot-booked';
    slot.state = 'removed';
    return '';
  }

  moveSlot(slot: ModelSlot, start: number): string {
    if (slot.state !== 'open') return 'slot-cancelled';
    if (slot.start === start) return '';
    const before = new Set(cells(slot.start, slot.length));
    const then = cells(start, slot.length).filter((cell) => !before.has(cell));
    const clashes = this.#seated(slot)
      .flatMap(({ people }) => people)
      .some((person) => then.some((cell) => this.#held(person).has(cell)));
    if (clashes) return 'slot-move-clash';
    const taught = this.#held(slot.teacher, slot);
    if (cells(start, slot.length).some((cell) => taught.has(cell))) return 'bad-input';
    slot.start = start;
    return '';
  }
}

/** What consultations are to do, as far as teachers change slots and series. */
import { MINUTE } from '../../../src/shared/clock.js';
import type { Mark } from '../../../src/features/consultations/held/marks.js';
import { cells, ModelOfBookings, startOf, type ModelSeries, type ModelSlot } from './model.js';

export class Model extends ModelOfBookings {
  cancelSlot(slot: ModelSlot, teacher: string): string {
    if (!this.manages(teacher, slot)) return 'forbidden';
    if (slot.state !== 'open') return '';
    if (this.begun(slot)) return 'slot-past';
    slot.state = 'cancelled';
    for (const booking of this.bookings) if (booking.slot === slot) booking.state = 'cancelled';
    return '';
  }

  removeSlot(slot: ModelSlot, teacher: string): string {
    if (!this.manages(teacher, slot)) return 'forbidden';
    if (this.begun(slot)) return 'slot-past';
    if (slot.state !== 'open') return '';
    if (this.seated(slot).length > 0) return 'slot-booked';
    slot.state = 'removed';
    return '';
  }

  /** Why a slot can be given no other time, teacher or room. */
  #fixed(slot: ModelSlot, teacher: string): string {
    if (!this.manages(teacher, slot)) return 'forbidden';
    if (slot.state !== 'open') return 'slot-cancelled';
    return this.begun(slot) ? 'slot-past' : '';
  }

  moveSlot(slot: ModelSlot, start: number, teacher: string): string {
    const fixed = this.#fixed(slot, teacher);
    if (fixed !== '') return fixed;
    if (start * MINUTE <= this.now) return 'bad-input';
    if (slot.start === start) return '';
    const before = new Set(cells(slot.start, slot.length));
    const then = cells(start, slot.length).filter((cell) => !before.has(cell));
    const clashes = this.seated(slot)
      .flatMap(({ people }) => people)
      .some((person) => then.some((cell) => this.held(person).has(cell)));
    if (clashes) return 'slot-move-clash';
    if (this.clashes({ ...slot, start }, slot)) return 'bad-input';
    slot.start = start;
    return '';
  }

  /** Gives a slot another teacher or another room. */
  reassign(slot: ModelSlot, change: { teacher?: string; room?: string }, teacher: string): string {
    const fixed = this.#fixed(slot, teacher);
    if (fixed !== '') return fixed;
    if (this.clashes({ ...slot, ...change }, slot)) return 'bad-input';
    Object.assign(slot, change);
    return '';
  }

  addSlot(series: ModelSeries, start: number, length: number, teacher: string): string {
    if (series.teacher !== teacher) return 'forbidden';
    const slot: ModelSlot = {
      ...{ series, teacher, room: '', start, length, state: 'open' },
      ...{ version: 0, marks: new Map() },
    };
    if (start * MINUTE <= this.now || this.clashes(slot)) return 'bad-input';
    if (series.ended) return 'series-ended';
    this.slots.push(slot);
    return '';
  }

  edit(series: ModelSeries, change: Pick<ModelSeries, 'capacity' | 'limits'>, teacher: string): string {
    if (series.teacher !== teacher) return 'forbidden';
    // A seat once promised stays.
    if ((series.individual && change.capacity !== 1) || change.capacity < series.capacity) return 'bad-input';
    Object.assign(series, change);
    return '';
  }

  /** Ends a series: what nobody has booked is taken away. */
  end(series: ModelSeries, teacher: string): string {
    if (series.teacher !== teacher) return 'forbidden';
    if (series.ended) return '';
    series.ended = true;
    for (const slot of this.slots)
      if (slot.series === series && slot.state === 'open' && startOf(slot) >= this.now)
        if (this.seated(slot).length === 0) slot.state = 'removed';
    return '';
  }

  /** Writes attendance of everyone who has booked. @param version that the teacher has seen */
  mark(slot: ModelSlot, mark: Mark, teacher: string, version: number): string {
    if (!this.manages(teacher, slot)) return 'forbidden';
    if (slot.state !== 'open') return 'slot-cancelled';
    if (!this.begun(slot)) return 'slot-not-begun';
    if (version !== slot.version) return 'attendance-stale';
    const there = this.bookings.filter((item) => item.slot === slot && item.state === 'booked');
    slot.marks = new Map(there.flatMap(({ people }) => people).map((person) => [person, mark]));
    slot.version += 1;
    return '';
  }
}

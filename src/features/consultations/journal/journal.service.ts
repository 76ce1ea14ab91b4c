import type { Actor } from '../../../shared/actor.js';
import { MINUTE } from '../../../shared/clock.js';
import { forbidden } from '../../../shared/errors.js';
import { instantAt } from '../../../shared/zoned.js';
import type { Person } from '../../membership/index.js';
import type { Booking, BookingsStore } from '../bookings/bookings.store.js';
import { maySeeAll, mayTeach } from '../consultations.policy.js';
import { heldStateOf, type HeldState, type Mark } from '../held/marks.js';
import type { HeldStore } from '../held/held.store.js';
import type { Series, SeriesStore } from '../series/series.store.js';
import type { Slot, SlotsStore } from '../slots/slots.store.js';

/** One student at one consultation, or a consultation that nobody has booked. */
export interface JournalRow {
  /** From 1. */
  readonly number: number;
  readonly slot: Slot;
  readonly series: Series;
  readonly state: HeldState;
  /** Null for a consultation that nobody has booked. */
  readonly booking: Booking | null;
  readonly student: Person | null;
  /** Names of the student's groups in the course. */
  readonly groups: string;
  readonly mark: Mark | null;
  /** Academic hours of the consultation; null in its further rows, so that they add up. */
  readonly hours: number | null;
}

/** Academic hours of a month. */
export interface JournalTotals {
  /** Of all times that were offered; cancelled ones as well. */
  readonly planned: number;
  readonly held: number;
  readonly cancelled: number;
  /** How many consultations were held, and how many students were at them in all. */
  readonly consultations: number;
  readonly attendances: number;
}

export interface Journal {
  readonly teacher: Person | null;
  readonly rows: readonly JournalRow[];
  readonly totals: JournalTotals;
}

export interface JournalQuery {
  /** Person id; the actor's own if absent. */
  readonly teacherId?: string | undefined;
  /** `2026-11` */
  readonly month: string;
  /** IANA name: where the month begins and ends. */
  readonly zone: string;
  /** Length of an academic hour in minutes. */
  readonly academicMinutes: number;
}

export interface JournalService {
  /**
   * What a teacher has held in a month: the actor's own in all courses, another's in this course.
   * @throws DomainError `forbidden`
   */
  read(actor: Actor, query: JournalQuery): Promise<Journal>;
  /** Whose journals the actor may read besides their own. */
  teachers(actor: Actor): Promise<Person[]>;
}

export interface JournalDeps {
  readonly slots: Pick<SlotsStore, 'listOfTeacher'>;
  readonly series: Pick<SeriesStore, 'findMany'>;
  readonly bookings: Pick<BookingsStore, 'listForSlots'>;
  readonly records: Pick<HeldStore, 'findMany'>;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
  readonly teachersOf: (courseId: string) => Promise<Person[]>;
  /** Person id → names of groups. */
  readonly groupsIn: (courseId: string) => Promise<ReadonlyMap<string, string>>;
}

/** The first moment of a month, and of the month after it. */
export function monthSpan(month: string, zone: string): { from: Date; to: Date } {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const after = new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
  const begin = (first: string): Date => instantAt(`${first}-01T00:00`, zone) ?? new Date(`${first}-01`);
  return { from: begin(month), to: begin(after) };
}

const hoursOf = ({ startsAt, endsAt }: Slot, academicMinutes: number): number =>
  Math.round(((endsAt.getTime() - startsAt.getTime()) / MINUTE / academicMinutes) * 100) / 100;

const byId = <Item extends { readonly id: string }>(items: readonly Item[]): ReadonlyMap<string, Item> =>
  new Map(items.map((item) => [item.id, item]));

export function createJournal(deps: JournalDeps): JournalService {
  async function gather(found: readonly Slot[], academicMinutes: number): Promise<JournalRow[]> {
    const ids = found.map(({ id }) => id);
    const [series, bookings, records] = await Promise.all([
      deps.series.findMany([...new Set(found.map(({ seriesId }) => seriesId))]).then(byId),
      deps.bookings.listForSlots(ids),
      deps.records.findMany(ids),
    ]);
    const people = byId(await deps.findPeople([...new Set(bookings.flatMap(({ personIds }) => personIds))]));
    const courseIds = [...new Set(found.map(({ courseId }) => courseId))];
    const groups = new Map(
      await Promise.all(courseIds.map(async (id) => [id, await deps.groupsIn(id)] as const)),
    );
    const recordOf = new Map(records.map((record) => [record.slotId, record]));
    let number = 0;
    return found.flatMap((slot): JournalRow[] => {
      const ofSlot = series.get(slot.seriesId);
      if (ofSlot === undefined) return [];
      const record = recordOf.get(slot.id) ?? null;
      const common = { slot, series: ofSlot, state: heldStateOf(slot.state, record) };
      const booked = bookings
        .filter(({ slotId, state }) => slotId === slot.id && state === 'booked')
        .flatMap((booking) => booking.personIds.map((personId) => ({ booking, personId })));
      const hours = hoursOf(slot, academicMinutes);
      if (booked.length === 0) {
        number += 1;
        return [{ ...common, number, hours, booking: null, student: null, groups: '', mark: null }];
      }
      return booked.map(({ booking, personId }, index) => {
        number += 1;
        return {
          ...common,
          number,
          booking,
          student: people.get(personId) ?? null,
          groups: groups.get(slot.courseId)?.get(personId) ?? '',
          mark: record?.entries.find((entry) => entry.personId === personId)?.mark ?? null,
          hours: index === 0 ? hours : null,
        };
      });
    });
  }

  const teachers = async (actor: Actor): Promise<Person[]> =>
    maySeeAll(actor) ? deps.teachersOf(actor.courseId) : [];

  return {
    teachers,

    async read(actor, { teacherId = actor.personId, month, zone, academicMinutes }) {
      if (!mayTeach(actor) && !maySeeAll(actor)) throw forbidden();
      const own = teacherId === actor.personId;
      if (!own && !(await teachers(actor)).some(({ id }) => id === teacherId)) throw forbidden();
      const found = await deps.slots.listOfTeacher(teacherId, {
        ...monthSpan(month, zone),
        ...(!own && { courseId: actor.courseId }),
      });
      const rows = await gather(found, academicMinutes);
      const [teacher] = await deps.findPeople([teacherId]);
      return { teacher: teacher ?? null, rows, totals: totalsOf(rows) };
    },
  };
}

function totalsOf(rows: readonly JournalRow[]): JournalTotals {
  const sum = (of: (row: JournalRow) => boolean): number =>
    Math.round(rows.filter(of).reduce((total, { hours }) => total + (hours ?? 0), 0) * 100) / 100;
  return {
    planned: sum(() => true),
    held: sum(({ state }) => state === 'held'),
    cancelled: sum(({ state }) => state === 'cancelled'),
    consultations: rows.filter(({ state, hours }) => state === 'held' && hours !== null).length,
    attendances: rows.filter(({ mark }) => mark === 'attended' || mark === 'late').length,
  };
}

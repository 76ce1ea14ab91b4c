import type { Actor } from '../../../shared/actor.js';
import { academicHours, roundedHours } from '../../../shared/academic-hours.js';
import type { Clock } from '../../../shared/clock.js';
import { forbidden } from '../../../shared/errors.js';
import { instantAt } from '../../../shared/zoned.js';
import type { Person } from '../../membership/index.js';
import type { Booking, BookingsStore } from '../bookings/bookings.store.js';
import { maySeeAll, mayTeach } from '../consultations.policy.js';
import { heldStateOf, isPresent, type HeldState, type Mark } from '../held/marks.js';
import type { HeldStore } from '../held/held.store.js';
import type { Series, SeriesStore } from '../series/series.store.js';
import type { Slot, SlotsStore } from '../slots/slots.store.js';

/** One student at one consultation, or a cancelled consultation. */
export interface JournalRow {
  /** From 1. */
  readonly number: number;
  readonly slot: Slot;
  readonly series: Series;
  readonly state: HeldState;
  /** Null for a cancelled consultation that nobody had booked any more. */
  readonly booking: Booking | null;
  readonly student: Person | null;
  /** Names of the student's groups in the course. */
  readonly groups: string;
  readonly mark: Mark | null;
  /** Whether the consultation is over. */
  readonly over: boolean;
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
  readonly clock: Clock;
}

/** The first moment of a month, and of the month after it. */
export function monthSpan(month: string, zone: string): { from: Date; to: Date } {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const after = new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
  const begin = (first: string): Date => instantAt(`${first}-01T00:00`, zone) ?? new Date(`${first}-01`);
  return { from: begin(month), to: begin(after) };
}

const byId = <Item extends { readonly id: string }>(items: readonly Item[]): ReadonlyMap<string, Item> =>
  new Map(items.map((item) => [item.id, item]));

type OfPerson = Pick<JournalRow, 'booking' | 'student' | 'groups' | 'mark'>;

/** A consultation with those who have booked it. */
interface Recorded extends Pick<JournalRow, 'slot' | 'series' | 'state' | 'over'> {
  readonly hours: number;
  readonly people: readonly OfPerson[];
}

const NO_PERSON: OfPerson = { booking: null, student: null, groups: '', mark: null };

/** A line for each student; a time that nobody has booked has none. */
function rowsOf(recorded: readonly Recorded[]): JournalRow[] {
  const lines = recorded.flatMap(({ people, hours, ...consultation }) => {
    const listed = people.length === 0 && consultation.state === 'cancelled' ? [NO_PERSON] : people;
    return listed.map((person, index) => ({
      ...consultation,
      ...person,
      hours: index === 0 ? hours : null,
    }));
  });
  return lines.map((line, index) => ({ ...line, number: index + 1 }));
}

export function createJournal(deps: JournalDeps): JournalService {
  async function gather(found: readonly Slot[], academicMinutes: number) {
    const ids = found.map(({ id }) => id);
    const [series, bookings, records] = await Promise.all([
      deps.series.findMany([...new Set(found.map(({ seriesId }) => seriesId))]).then(byId),
      deps.bookings.listForSlots(ids),
      deps.records.findMany(ids),
    ]);
    const personIds = bookings.flatMap((booking) => booking.personIds);
    const people = byId(await deps.findPeople([...new Set(personIds)]));
    const courseIds = [...new Set(found.map(({ courseId }) => courseId))];
    const groups = new Map(
      await Promise.all(courseIds.map(async (id) => [id, await deps.groupsIn(id)] as const)),
    );
    const recordOf = new Map(records.map((record) => [record.slotId, record]));
    const now = deps.clock.now();
    return found.flatMap((slot): Recorded[] => {
      const ofSlot = series.get(slot.seriesId);
      if (ofSlot === undefined) return [];
      const record = recordOf.get(slot.id) ?? null;
      const attended = bookings
        .filter(({ slotId, state }) => slotId === slot.id && state === 'booked')
        .flatMap((booking) => booking.personIds.map((personId) => ({ booking, personId })));
      return [
        {
          ...{ slot, series: ofSlot, over: slot.endsAt <= now },
          hours: academicHours(slot.startsAt, slot.endsAt, academicMinutes),
          state: heldStateOf(slot.state, record),
          people: attended.map(({ booking, personId }) => ({
            booking,
            student: people.get(personId) ?? null,
            groups: groups.get(slot.courseId)?.get(personId) ?? '',
            mark: record?.entries.find((entry) => entry.personId === personId)?.mark ?? null,
          })),
        },
      ];
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
      const recorded = await gather(found, academicMinutes);
      const [teacher] = await deps.findPeople([teacherId]);
      return { teacher: teacher ?? null, rows: rowsOf(recorded), totals: totalsOf(recorded) };
    },
  };
}

function totalsOf(recorded: readonly Recorded[]): JournalTotals {
  const sum = (counted: readonly Recorded[]): number =>
    roundedHours(counted.reduce((total, { hours }) => total + hours, 0));
  const held = recorded.filter(({ state }) => state === 'held');
  return {
    planned: sum(recorded),
    held: sum(held),
    cancelled: sum(recorded.filter(({ state }) => state === 'cancelled')),
    consultations: held.length,
    attendances: held.flatMap(({ people }) => people.filter(({ mark }) => mark !== null && isPresent(mark)))
      .length,
  };
}

import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { notFound } from '../../../shared/errors.js';
import type { Person } from '../../membership/index.js';
import type { BookingsStore, Taken } from '../bookings/bookings.store.js';
import { standing } from '../consultations.policy.js';
import type { ConsultationType } from '../series/series-settings.js';
import type { Series, SeriesStore } from '../series/series.store.js';
import type { Slot, SlotPage, SlotsStore } from './slots.store.js';
import { groupBy } from '../../../shared/group-by.js';
import type { FreeSlot, SlotRecords } from './slot-records.js';

export interface SlotFilter {
  readonly teacher?: string | undefined;
  readonly type?: ConsultationType | undefined;
  readonly from?: Date | undefined;
  /** Words of the title or the description. */
  readonly topic?: string | undefined;
  /** Whether a beginning is at a time of day that suits. */
  readonly fits?: ((startsAt: Date) => boolean) | undefined;
  /** How many at least, where there are; as many as a page shows if absent. */
  readonly atLeast?: number | undefined;
}

/** As much of a list as one page shows, and where the next begins. */
export interface Stretch<Item> {
  readonly items: readonly Item[];
  readonly next: Date | null;
}

/** What is read from the store at a time, and what a page shows at least when there is more. */
const READ = 120;
const PAGE = 40;

/** Whether a series is about all of these words. */
function isAbout({ title, description }: Pick<Series, 'title' | 'description'>, topic: string): boolean {
  const text = `${title} ${description}`.toLocaleLowerCase('ru').replaceAll('ё', 'е');
  const words = topic.toLocaleLowerCase('ru').replaceAll('ё', 'е').split(/\s+/);
  return words.every((word) => text.includes(word));
}

const seatsOf = (taken: readonly Taken[]): number => taken.reduce((sum, { seats }) => sum + seats, 0);

export interface FreeSlots {
  /** What the course has on offer, soonest first. */
  freeSlots(actor: Actor, filters: SlotFilter, ofSeries?: Series): Promise<Stretch<FreeSlot>>;
  /** What a list of the course can be narrowed to: the active series, and who holds them. */
  choices(actor: Actor): Promise<{ series: Series[]; teachers: Person[] }>;
  /** A slot as someone sees it who may book it, or only look. @throws DomainError `not-found` */
  openSlot(actor: Actor, slot: Slot): Promise<FreeSlot>;
  /** Lists a teacher's next available times in all courses. Fit for public pages: no names, no places. */
  nextFreeOf(teacherIds: readonly string[], limit: number): Promise<FreeSlot[]>;
}

export interface FreeSlotsDeps {
  readonly series: Pick<SeriesStore, 'ofCourse'>;
  readonly slots: Pick<SlotsStore, 'page'>;
  readonly bookings: Pick<BookingsStore, 'taken'>;
  readonly records: SlotRecords;
  readonly clock: Clock;
}

export function createFreeSlots({ series, slots, bookings, records, clock }: FreeSlotsDeps): FreeSlots {
  const { people, meetings, othersOf } = records;

  /** Slots of these series that can be booked now and have a seat left, none of them the actor's own. */
  async function free(
    actor: Actor | null,
    from: readonly Series[],
    read: (from: Date) => Promise<SlotPage>,
    { start, atLeast, fits }: { start: Date; atLeast: number; fits?: SlotFilter['fits'] },
  ): Promise<Stretch<FreeSlot>> {
    const now = clock.now();
    const items: FreeSlot[] = [];
    let next: Date | null = start < now ? now : start;
    while (next !== null && items.length < atLeast) {
      const page: SlotPage = await read(next);
      const open = (await meetings(page.slots, from)).filter(
        (meeting) => standing(meeting.series, meeting.slot, now) === 'open',
      );
      const taken = groupBy(await bookings.taken(open.map(({ slot }) => slot.id)), ({ slotId }) => slotId);
      const others = actor ? await othersOf(actor, open) : new Map<string, Person[]>();
      for (const meeting of open) {
        const held = taken.get(meeting.slot.id) ?? [];
        const seatsLeft = meeting.series.capacity - seatsOf(held);
        const mine = held.some(({ personIds }) => actor !== null && personIds.includes(actor.personId));
        if (seatsLeft > 0 && !mine && (fits?.(meeting.slot.startsAt) ?? true)) {
          items.push({ ...meeting, seatsLeft, others: others.get(meeting.slot.id) ?? [] });
        }
      }
      next = page.next;
    }
    return { items, next };
  }

  return {
    async freeSlots(actor: Actor, filters: SlotFilter, ofSeries?: Series): Promise<Stretch<FreeSlot>> {
      const all = ofSeries ? [ofSeries] : await series.ofCourse(actor.courseId, 'active');
      const chosen = all.filter(
        (item) =>
          item.teacherId === (filters.teacher ?? item.teacherId) &&
          item.type === (filters.type ?? item.type) &&
          isAbout(item, filters.topic ?? ''),
      );
      if (chosen.length === 0) return { items: [], next: null };
      const { courseId } = actor;
      const { atLeast = PAGE } = filters;
      const seriesIds = chosen.map(({ id }) => id);
      return free(
        actor,
        chosen,
        (from) =>
          slots.page({ courseId, seriesIds, states: ['open'], from, limit: atLeast < PAGE ? PAGE : READ }),
        { start: filters.from ?? clock.now(), atLeast, fits: filters.fits },
      );
    },

    async choices(actor: Actor): Promise<{ series: Series[]; teachers: Person[] }> {
      const all = await series.ofCourse(actor.courseId, 'active');
      return { series: all, teachers: [...(await people(all.map(({ teacherId }) => teacherId))).values()] };
    },

    async openSlot(actor: Actor, slot: Slot): Promise<FreeSlot> {
      const [meeting] = await meetings([slot]);
      if (meeting === undefined) throw notFound();
      const taken = await bookings.taken([slot.id]);
      const others = await othersOf(actor, [meeting]);
      return {
        ...meeting,
        seatsLeft: Math.max(0, meeting.series.capacity - seatsOf(taken)),
        others: others.get(slot.id) ?? [],
      };
    },

    async nextFreeOf(teacherIds: readonly string[], limit: number): Promise<FreeSlot[]> {
      const { items } = await free(
        null,
        [],
        (from) => slots.page({ teacherIds, states: ['open'], from, limit: READ }),
        { start: clock.now(), atLeast: limit },
      );
      return items.slice(0, limit);
    },
  };
}

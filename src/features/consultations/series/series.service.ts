import type { Actor } from '../../../shared/actor.js';
import { badInput, conflict, forbidden, notFound } from '../../../shared/errors.js';
import { newToken } from '../../../shared/ids.js';
import type { Attestation } from '../../schedule/index.js';
import { mayManage, mayTeach } from '../consultations.policy.js';
import { buffersOf } from './planning.service.js';
import { createSeriesCreation, type SeriesCreationDeps } from './series-creation.service.js';
import type { Series, SeriesStore } from './series.store.js';
import type { Settling } from '../slots/settling.service.js';
import type { Pattern, Span } from '../slots/intervals.js';
import type { Terms } from './series.fields.js';
import { withRoom } from './series-room.js';
import { weekdayOf } from '../../../shared/days.js';

export type { PreviewedSlot } from './planning.service.js';
export type { SeriesWish } from './series-creation.service.js';

export interface SeriesServiceDeps extends SeriesCreationDeps {
  readonly series: SeriesStore;
  readonly settling: Settling;
  readonly attestationsOf: (courseId: string) => Promise<readonly Attestation[]>;
  /** Offers the seats that a larger capacity has added to those who wait. */
  readonly seatsAdded: (seriesId: string) => Promise<void>;
  /** Ids of the links of a course that open a series. */
  readonly linksOf: (courseId: string, id: string) => Promise<string[]>;
  /** Moves the slots to come into the series' room, and returns how many could not be moved. */
  readonly followRoom: (series: Series) => Promise<number>;
}

/** Why a series takes no more slots. */
const REFUSED = { draft: 'series-unfilled', active: 'try-again', ended: 'series-ended' } as const;

/** Whether the gradebook has something to follow. */
const isRegraded = (before: Terms, after: Terms): boolean =>
  before.title !== after.title ||
  before.grading !== after.grading ||
  before.gradeMaximum !== after.gradeMaximum;

export function createSeriesService(deps: SeriesServiceDeps) {
  const { series, settling, planning, clock } = deps;
  const { plannedSpans, withTaken, planned } = planning;

  async function find(actor: Actor, id: string): Promise<Series> {
    const found = await series.findOptional(actor.courseId, id);
    if (found === null) throw notFound();
    return found;
  }

  async function findManaged(actor: Actor, id: string): Promise<Series> {
    const found = await find(actor, id);
    if (!mayManage(actor, found)) throw forbidden();
    return found;
  }

  return {
    ...createSeriesCreation(deps),

    find,
    findManaged,

    /** The spans of other days and hours of a series. @throws DomainError `bad-input` */
    spansOfPattern: (series: Pick<Terms, 'bufferBefore' | 'bufferAfter'>, pattern: Pattern): Span[] =>
      plannedSpans(pattern, { from: 'from', days: 'to', fit: 'length' }, buffersOf(series)),

    /**
     * Changes what a series is called and its rules, for bookings to come.
     * @returns how many slots to come stay in another room, because the new one is taken
     * @throws DomainError `bad-input` on `capacity` when it would shrink; `forbidden`, `not-found`
     */
    async edit(actor: Actor, id: string, wanted: Terms): Promise<{ staying: number }> {
      const found = await findManaged(actor, id);
      const terms = await withRoom(wanted, deps.findRoom, found);
      if (found.form === 'individual' && terms.capacity !== 1) {
        throw badInput({ capacity: 'errors.field.individual' });
      }
      const at = clock.now();
      const everywhere = found.link !== terms.link;
      const moved = everywhere || found.place !== terms.place;
      const edited = await series.edit(actor.courseId, id, terms, {
        regradedAt: isRegraded(found, terms) ? at : null,
        moved: moved ? { placeChanged: { at, everywhere }, settleAt: settling.lookAgain() } : null,
      });
      if (edited === null) throw badInput({ capacity: 'errors.field.onlyMore' });
      await deps.seatsAdded(id);
      const staying = found.roomId === terms.roomId ? 0 : await deps.followRoom({ ...found, ...terms });
      if (moved) await settling.tellPlace(edited);
      return { staying };
    },

    /**
     * Adds one day's slots, of the series' length and gap, in its zone. All or, by what can be known, none.
     * @throws DomainError `bad-input`, `series-ended` (409), `forbidden`, `not-found`
     */
    async addSlots(
      actor: Actor,
      id: string,
      { date, start, end }: { date: string; start: string; end: string },
    ): Promise<void> {
      const found = await findManaged(actor, id);
      const pattern = {
        ...found.pattern,
        from: date,
        to: date,
        weekdays: [weekdayOf(date)],
        start,
        end,
        bands: [],
        except: [],
      };
      const previewed = await withTaken(
        found,
        plannedSpans(pattern, { from: 'date', days: 'date', fit: 'end' }, buffersOf(found)),
      );
      if (previewed.some(({ taken }) => taken)) throw badInput({ start: 'errors.field.timeTaken' });
      // A plan that a killed process left comes first; another process's plan is short.
      await settling.carryOut(found);
      const plan = { key: newToken(), slots: planned(previewed) };
      const kept = await series.extend(actor.courseId, id, plan, settling.lookAgain());
      if (kept === null) throw conflict(REFUSED[found.state]);
      await settling.carryOut(kept);
    },

    /**
     * Ends a series: no new bookings, free slots are taken away, what is booked takes place.
     * Ending it again changes nothing.
     * @throws DomainError `forbidden`, `not-found`
     */
    async end(actor: Actor, id: string): Promise<void> {
      await findManaged(actor, id);
      const now = clock.now();
      const ended = await series.end(actor.courseId, id, actor.personId, now, settling.lookAgain());
      if (ended !== null) await settling.release(ended);
    },

    /** Attestations of the course for which a series may prepare. */
    attestationsOf: (actor: Actor): Promise<readonly Attestation[]> => deps.attestationsOf(actor.courseId),

    /** Series that are under way. */
    active: (courseId: string): Promise<Series[]> => series.ofCourse(courseId, 'active'),

    /** Copies whose timetable is still to be filled, for those who may. */
    drafts: async (actor: Actor): Promise<Series[]> =>
      mayTeach(actor) ? series.ofCourse(actor.courseId, 'draft') : [],

    /** Ids of the links that open a copied series: a teacher may turn them to another. */
    async linksOf(series: Series): Promise<string[]> {
      return series.copiedFrom === undefined ? [] : deps.linksOf(series.courseId, series.id);
    },
  };
}

export type SeriesService = ReturnType<typeof createSeriesService>;

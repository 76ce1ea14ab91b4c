import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput, conflict, forbidden, notFound } from '../../../shared/errors.js';
import { digest, newToken } from '../../../shared/ids.js';
import type { Person } from '../../membership/index.js';
import { mayManage, mayManageAll, mayTeach } from '../consultations.policy.js';
import type { PlannedSlot, Series, SeriesStore } from './series.store.js';
import type { Settling } from '../slots/settling.service.js';
import type { SlotsStore } from '../slots/slots.store.js';
import { overlap, spansOf, type Pattern, type Span } from '../slots/intervals.js';
import { seriesFields, type Terms } from './series.fields.js';
import { LONGEST_SLOT, type ConsultationType } from './series-settings.js';
import { withRoom, type FindRoom } from './series-room.js';
import { addDays, dateIn, weekdayOf } from '../slots/days.js';

export interface SeriesServiceDeps {
  readonly series: SeriesStore;
  readonly slots: SlotsStore;
  readonly settling: Settling;
  readonly clock: Clock;
  /** Those who teach in a course, as launches showed them. */
  readonly teachersOf: (courseId: string) => Promise<Person[]>;
  /** Ids of the links of a course that open a series. */
  readonly linksOf: (courseId: string, id: string) => Promise<string[]>;
  /** A room of the centre, null if there is none. */
  readonly findRoom: FindRoom;
  /** Moves the slots to come into the series' room, and returns how many could not be moved. */
  readonly followRoom: (series: Series) => Promise<number>;
  /** A new id of a slot. */
  readonly newId: () => string;
}

/** What a form asks for: the terms, and when. */
export interface SeriesWish extends Terms, Pattern {
  readonly type: ConsultationType;
  /** Person id; the actor when absent. */
  readonly teacher?: string | undefined;
  readonly draft?: string | undefined;
  /** Id of the draft that gets its timetable; a new series when absent. */
  readonly fills?: string | undefined;
}

/** A slot that is to be, and whether its teacher's time is taken already. */
export interface PreviewedSlot extends Span {
  readonly taken: boolean;
}

const MOST_SLOTS = 500;
const MOST_DAYS = 366;

/** Why a series takes no more slots. */
const REFUSED = { draft: 'series-unfilled', active: 'try-again', ended: 'series-ended' } as const;

/** Tells a form that is sent twice from one that was changed, by going back, and sent again. */
const draftKey = ({ draft = newToken(), ...wish }: SeriesWish): string =>
  digest(JSON.stringify([draft, wish]));

/** Whether the gradebook has something to follow. */
const isRegraded = (before: Terms, after: Terms): boolean =>
  before.title !== after.title ||
  before.grading !== after.grading ||
  before.gradeMaximum !== after.gradeMaximum;

export function createSeriesService(deps: SeriesServiceDeps) {
  const { series, slots, settling, clock } = deps;

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

  /** Returns 409 instead of 403 if another teacher has already scheduled this draft. */
  async function findToFill(actor: Actor, id: string): Promise<Series> {
    const found = await find(actor, id);
    if (mayManage(actor, found)) return found;
    throw mayTeach(actor) ? conflict('series-filled') : forbidden();
  }

  async function teacherOf(actor: Actor, chosen: string | undefined): Promise<string> {
    if (!mayTeach(actor)) throw forbidden();
    if (chosen === undefined || chosen === actor.personId) return actor.personId;
    if (!mayManageAll(actor)) throw forbidden();
    const teachers = await deps.teachersOf(actor.courseId);
    if (!teachers.some(({ id }) => id === chosen)) throw badInput({ teacher: 'errors.field.wrong' });
    return chosen;
  }

  /** @throws DomainError `bad-input` naming the field that leaves no slot to make, or too many */
  function plannedSpans(pattern: Pattern, names: { from: string; days: string; fit: string }): Span[] {
    const now = clock.now();
    const today = dateIn(pattern.zone, now);
    if (pattern.from < today) throw badInput({ [names.from]: 'errors.field.pastDate' });
    if (pattern.to > addDays(today, MOST_DAYS)) throw badInput({ [names.days]: 'errors.field.tooFar' });
    const all = spansOf(pattern);
    if (all.length === 0) {
      const everyDay = spansOf({ ...pattern, weekdays: [1, 2, 3, 4, 5, 6, 7] });
      throw badInput(
        everyDay.length === 0
          ? { [names.fit]: 'errors.field.doesNotFit' }
          : { weekdays: 'errors.field.noSuchDay' },
      );
    }
    const spans = all.filter(({ startsAt }) => startsAt > now);
    if (spans.length === 0) throw badInput({ start: 'errors.field.pastTime' });
    if (spans.length > MOST_SLOTS) throw badInput({ [names.days]: 'errors.field.tooManySlots' });
    return spans;
  }

  async function withTaken(
    { teacherId, roomId }: { readonly teacherId: string; readonly roomId: string },
    spans: readonly Span[],
  ): Promise<PreviewedSlot[]> {
    const first = spans[0]?.startsAt.getTime() ?? 0;
    const last = spans.at(-1)?.endsAt.getTime() ?? 0;
    const window = [new Date(first - LONGEST_SLOT), new Date(last)] as const;
    const [ofTeacher, ofRoom] = await Promise.all([
      slots.takenOf(teacherId, ...window),
      slots.takenOfRoom(roomId, ...window),
    ]);
    const taken = [...ofTeacher, ...ofRoom];
    return spans.map((span) => ({ ...span, taken: taken.some((other) => overlap(span, other)) }));
  }

  const planned = (spans: readonly Span[]): PlannedSlot[] =>
    spans.map(({ startsAt, endsAt }) => ({ id: deps.newId(), startsAt, endsAt }));

  return {
    /** For choosing whose series it is to be: the course's teachers and the actor; only the actor for others. */
    async choosableTeachers(actor: Actor): Promise<Person[]> {
      return mayManageAll(actor) ? deps.teachersOf(actor.courseId) : [];
    },

    /**
     * The slots that a series would have.
     * @throws DomainError `bad-input`, `forbidden`
     */
    async preview(actor: Actor, wish: SeriesWish): Promise<PreviewedSlot[]> {
      const teacherId = await teacherOf(actor, wish.teacher);
      await withRoom(seriesFields.pick(wish), deps.findRoom);
      const spans = plannedSpans(wish, { from: 'from', days: 'to', fit: 'length' });
      return withTaken({ teacherId, roomId: wish.roomId }, spans);
    },

    /**
     * Makes a series and its slots, except where the teacher's time is taken (`leftOut` says which).
     * The same wish of one draft makes one series, however often it is sent. A wish that fills a draft makes
     * it belongs to the teacher who is to hold it.
     * @throws DomainError `bad-input`, also when all of the time is taken; `forbidden`; `not-found` and
     *   `series-filled` (409) for what it fills
     */
    async create(actor: Actor, wish: SeriesWish): Promise<Series> {
      const { courseId, personId } = actor;
      const draft = draftKey(wish);
      const filled = wish.fills === undefined ? null : await findToFill(actor, wish.fills);
      const teacherId = await teacherOf(actor, wish.teacher);
      const previewed = await this.preview(actor, wish);
      if (previewed.every(({ taken }) => taken)) {
        // Taken by this very series, perhaps: the form was sent twice.
        const before = await series.findOptionalByDraft(courseId, personId, draft);
        if (before === null) throw badInput({ start: 'errors.field.allTaken' });
        return before;
      }
      const { zone, from, to, weekdays, start, end, length, gap } = wish;
      const made = {
        ...(await withRoom(seriesFields.pick(wish), deps.findRoom)),
        courseId,
        type: wish.type,
        teacherId,
        createdBy: personId,
        createdAt: clock.now(),
        pattern: { zone, from, to, weekdays, start, end, length, gap },
      };
      const plan = { key: newToken(), slots: planned(previewed) };
      const kept =
        filled === null
          ? (await series.create(made, draft, plan, settling.lookAgain())).series
          : // Filled by this very form, perhaps: it was sent twice.
            ((await series.fill(filled.id, made, draft, plan, settling.lookAgain())) ??
            (await series.findOptionalByDraft(courseId, personId, draft)));
      if (kept === null) throw conflict('series-filled');
      await settling.carryOut(kept);
      return kept;
    },

    find,
    findManaged,

    /**
     * Changes what a series is called and its rules, for bookings to come.
     * @returns how many slots to come stay in another room, because the new one is taken
     * @throws DomainError `bad-input` on `capacity` when it would shrink; `forbidden`, `not-found`
     */
    async edit(actor: Actor, id: string, wanted: Terms): Promise<{ staying: number }> {
      const found = await findManaged(actor, id);
      const terms = await withRoom(wanted, deps.findRoom, found);
      if (found.type === 'individual' && terms.capacity !== 1) {
        throw badInput({ capacity: 'errors.field.individual' });
      }
      if (
        (await series.edit(actor.courseId, id, terms, isRegraded(found, terms) ? clock.now() : null)) === null
      ) {
        throw badInput({ capacity: 'errors.field.onlyMore' });
      }
      if (found.roomId === terms.roomId) return { staying: 0 };
      return { staying: await deps.followRoom({ ...found, ...terms }) };
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
      const pattern = { ...found.pattern, from: date, to: date, weekdays: [weekdayOf(date)], start, end };
      const previewed = await withTaken(
        found,
        plannedSpans(pattern, { from: 'date', days: 'date', fit: 'end' }),
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

import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput, conflict, forbidden, notFound } from '../../../shared/errors.js';
import { digest, newToken } from '../../../shared/ids.js';
import type { Person } from '../../membership/index.js';
import type { Attestation } from '../../schedule/index.js';
import { mayManage, mayManageAll, mayTeach } from '../consultations.policy.js';
import { demandSeats, type ConsultationKind, type TypesService } from '../types/types.service.js';
import { buffersOf, type Planning, type PreviewedSlot } from './planning.service.js';
import type { Series, SeriesStore } from './series.store.js';
import type { Settling } from '../slots/settling.service.js';
import type { Band, Pattern, Span } from '../slots/intervals.js';
import { seriesFields, type Terms } from './series.fields.js';
import { ASYNCHRONOUS, type ConsultationType } from './series-settings.js';
import { withRoom, type FindRoom } from './series-room.js';
import { weekdayOf } from '../slots/days.js';

export type { PreviewedSlot } from './planning.service.js';

export interface SeriesServiceDeps {
  readonly series: SeriesStore;
  readonly settling: Settling;
  readonly planning: Planning;
  readonly types: Pick<TypesService, 'findOptional'>;
  readonly attestationsOf: (courseId: string) => Promise<readonly Attestation[]>;
  /** The attestation of a course that a series prepares for; none for ''. @throws DomainError `bad-input` */
  readonly attestationOf: (
    courseId: string,
    attestationId: string,
  ) => Promise<{ readonly attestationId: string; readonly attestationOn: string }>;
  readonly clock: Clock;
  /** Those who teach in a course, as launches showed them. */
  readonly teachersOf: (courseId: string) => Promise<Person[]>;
  /** Offers the seats that a larger capacity has added to those who wait. */
  readonly seatsAdded: (seriesId: string) => Promise<void>;
  /** Ids of the links of a course that open a series. */
  readonly linksOf: (courseId: string, id: string) => Promise<string[]>;
  /** A room of the centre, null if there is none. */
  readonly findRoom: FindRoom;
  /** Moves the slots to come into the series' room, and returns how many could not be moved. */
  readonly followRoom: (series: Series) => Promise<number>;
}

/** What a form asks for: the terms, and when. */
export interface SeriesWish extends Terms, Omit<Pattern, 'bands' | 'except'> {
  readonly bands?: readonly Band[] | undefined;
  readonly except?: readonly string[] | undefined;
  readonly type: ConsultationType;
  /** Id of an attestation of the course; '' or absent for none. */
  readonly attestation?: string | undefined;
  /** Person id; the actor when absent. */
  readonly teacher?: string | undefined;
  readonly draft?: string | undefined;
  /** Beginnings of the slots that are wanted; absent: all but those on days on which the centre is closed. */
  readonly take?: readonly string[] | undefined;
  /** Id of the draft that gets its timetable; a new series when absent. */
  readonly fills?: string | undefined;
}

/** Why a series takes no more slots. */
const REFUSED = { draft: 'series-unfilled', active: 'try-again', ended: 'series-ended' } as const;

function patternOf({ bands = [], except = [], ...wish }: SeriesWish): Pattern {
  const { zone, from, to, weekdays, start, end, length, gap } = wish;
  return { zone, from, to, weekdays, start, end, bands, except, length, gap };
}

/** Tells a form that is sent twice from one that was changed, by going back, and sent again. */
const draftKey = ({ draft = newToken(), ...wish }: SeriesWish): string =>
  digest(JSON.stringify([draft, wish]));

/** Whether the gradebook has something to follow. */
const isRegraded = (before: Terms, after: Terms): boolean =>
  before.title !== after.title ||
  before.grading !== after.grading ||
  before.gradeMaximum !== after.gradeMaximum;

export function createSeriesService(deps: SeriesServiceDeps) {
  const { series, settling, planning, clock } = deps;
  const { plannedSpans, withTaken, withClosed, planned } = planning;

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

  async function kindOf({ type }: Pick<SeriesWish, 'type'>): Promise<ConsultationKind> {
    const kind = await deps.types.findOptional(type);
    // Questions in deferred form have no times.
    if (kind === null || kind.id === ASYNCHRONOUS) throw badInput({ type: 'errors.field.wrong' });
    return kind;
  }

  async function teacherOf(actor: Actor, chosen: string | undefined): Promise<string> {
    if (!mayTeach(actor)) throw forbidden();
    if (chosen === undefined || chosen === actor.personId) return actor.personId;
    if (!mayManageAll(actor)) throw forbidden();
    const teachers = await deps.teachersOf(actor.courseId);
    if (!teachers.some(({ id }) => id === chosen)) throw badInput({ teacher: 'errors.field.wrong' });
    return chosen;
  }

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
      const { rules } = await kindOf(wish);
      demandSeats({ form: rules.form, capacity: wish.capacity });
      await withRoom(seriesFields.pick(wish), deps.findRoom);
      const pattern = patternOf(wish);
      const spans = plannedSpans(pattern, { from: 'from', days: 'to', fit: 'length' }, buffersOf(wish));
      return withClosed(wish.zone, await withTaken({ ...wish, teacherId }, spans));
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
      const kind = await kindOf(wish);
      const previewed = await this.preview(actor, wish);
      const wanted = previewed.filter(
        ({ startsAt, closed }) => wish.take?.includes(startsAt.toISOString()) ?? closed === null,
      );
      if (wanted.length === 0) throw badInput({ weekdays: 'errors.field.nothingChosen' });
      if (wanted.every(({ taken }) => taken)) {
        // Taken by this very series, perhaps: the form was sent twice.
        const before = await series.findOptionalByDraft(courseId, personId, draft);
        if (before === null) throw badInput({ start: 'errors.field.allTaken' });
        return before;
      }
      const made = {
        ...(await withRoom(seriesFields.pick(wish), deps.findRoom)),
        courseId,
        type: wish.type,
        typeTitle: kind.rules.title,
        form: kind.rules.form,
        ...(await deps.attestationOf(courseId, wish.attestation ?? '')),
        teacherId,
        createdBy: personId,
        createdAt: clock.now(),
        pattern: patternOf(wish),
      };
      const plan = { key: newToken(), slots: planned(wanted) };
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
      const regradedAt = isRegraded(found, terms) ? clock.now() : null;
      if ((await series.edit(actor.courseId, id, terms, regradedAt)) === null) {
        throw badInput({ capacity: 'errors.field.onlyMore' });
      }
      await deps.seatsAdded(id);
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

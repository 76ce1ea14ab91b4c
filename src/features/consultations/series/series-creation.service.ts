import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput, conflict, forbidden, notFound } from '../../../shared/errors.js';
import { digest, newToken } from '../../../shared/ids.js';
import type { Person } from '../../membership/index.js';
import { mayManage, mayManageAll, mayTeach } from '../consultations.policy.js';
import type { Settling } from '../slots/settling.service.js';
import type { Band, Pattern } from '../slots/intervals.js';
import { demandSeats, type ConsultationKind, type TypesService } from '../types/types.service.js';
import { buffersOf, type Planning, type PreviewedSlot } from './planning.service.js';
import { ASYNCHRONOUS, type ConsultationType } from './series-settings.js';
import { seriesFields, type Terms } from './series.fields.js';
import { withRoom, type FindRoom } from './series-room.js';
import type { Series, SeriesStore } from './series.store.js';

export interface SeriesCreationDeps {
  readonly series: Pick<SeriesStore, 'findOptional' | 'findOptionalByDraft' | 'create' | 'fill'>;
  readonly settling: Pick<Settling, 'lookAgain' | 'carryOut'>;
  readonly planning: Planning;
  readonly types: Pick<TypesService, 'findOptional'>;
  /** The attestation of a course that a series prepares for; none for ''. @throws DomainError `bad-input` */
  readonly attestationOf: (
    courseId: string,
    attestationId: string,
  ) => Promise<{ readonly attestationId: string; readonly attestationOn: string }>;
  readonly clock: Clock;
  /** Those who teach in a course, as launches showed them. */
  readonly teachersOf: (courseId: string) => Promise<Person[]>;
  /** A room of the centre, null if there is none. */
  readonly findRoom: FindRoom;
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

function patternOf({ bands = [], except = [], ...wish }: SeriesWish): Pattern {
  const { zone, from, to, weekdays, start, end, length, gap } = wish;
  return { zone, from, to, weekdays, start, end, bands, except, length, gap };
}

/** Tells a form that is sent twice from one that was changed, by going back, and sent again. */
const draftKey = ({ draft = newToken(), ...wish }: SeriesWish): string =>
  digest(JSON.stringify([draft, wish]));

/** New series: what they would be, and the series with its slots. */
export function createSeriesCreation(deps: SeriesCreationDeps) {
  const { series, settling, planning, clock } = deps;
  const { plannedSpans, withTaken, withClosed, planned } = planning;

  /** Returns 409 instead of 403 if another teacher has already scheduled this draft. */
  async function findToFill(actor: Actor, id: string): Promise<Series> {
    const found = await series.findOptional(actor.courseId, id);
    if (found === null) throw notFound();
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
  };
}

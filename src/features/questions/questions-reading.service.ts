import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import { forbidden } from '../../shared/errors.js';
import { orderBy } from '../../infra/lists/index.js';
import type { Named, Question } from './question.js';
import { STATES_SHOWN, type ShownQuestions } from './questions.list.js';
import { isStaff, mayAsk, visibleTo, type Reach } from './questions.policy.js';
import type { QuestionFilter, QuestionsStore } from './questions.store.js';

export interface QuestionsReadingDeps {
  readonly questions: QuestionsStore;
  readonly clock: Clock;
  /** What a person answers for. */
  readonly reachOf: (personId: string) => Promise<Reach>;
  readonly findPeople: (ids: readonly string[]) => Promise<readonly Named[]>;
}

export interface ListWish {
  readonly q?: string;
  readonly state?: ShownQuestions;
  readonly whose?: 'mine' | 'unread';
}

/** A question with the people it names. */
export interface ShownQuestion {
  readonly question: Question;
  readonly student: Named | null;
  readonly teacher: Named | null;
}

export interface QuestionsReading {
  /** Those the actor answers, or has asked; the latest first, or by deadline. @throws DomainError `forbidden` */
  list(
    actor: Actor,
    wish: ListWish,
    sort: { key: 'lastAt' | 'dueAt'; descending: boolean },
  ): Promise<ShownQuestion[]>;
  /** With news that the actor has not seen: answers for a student, questions for those who answer. */
  unread(actor: Actor, limit: number): Promise<ShownQuestion[]>;
  people(ids: readonly string[]): Promise<ReadonlyMap<string, Named>>;
}

export function createQuestionsReading(deps: QuestionsReadingDeps): QuestionsReading {
  const { questions, clock } = deps;

  async function ownPart(actor: Actor): Promise<QuestionFilter> {
    const { courseId, personId } = actor;
    if (mayAsk(actor)) return { courseId, studentId: personId };
    if (!isStaff(actor)) throw forbidden();
    const visible = visibleTo(actor, await deps.reachOf(personId));
    return { courseId, ...(visible && { visible }) };
  }

  async function people(ids: readonly string[]): Promise<ReadonlyMap<string, Named>> {
    const wanted = [...new Set(ids)].filter((id) => id !== '');
    const found = wanted.length === 0 ? [] : await deps.findPeople(wanted);
    return new Map(found.map((person) => [person.id, person]));
  }

  async function shown(rows: readonly Question[]): Promise<ShownQuestion[]> {
    const teacherOf = ({ takenBy, to }: Question): string =>
      takenBy === '' && to.kind === 'teacher' ? to.id : takenBy;
    const known = await people(rows.flatMap((row) => [row.studentId, teacherOf(row)]));
    return rows.map((question) => ({
      question,
      student: known.get(question.studentId) ?? null,
      teacher: known.get(teacherOf(question)) ?? null,
    }));
  }

  return {
    people,
    async list(actor, { q, state, whose }, sort) {
      const filter: QuestionFilter = {
        ...(await ownPart(actor)),
        ...(q !== undefined && { words: q }),
        ...(state !== undefined && { states: STATES_SHOWN[state] }),
        ...(state === 'overdue' && { dueBefore: clock.now() }),
        ...(whose === 'mine' && {
          visible: {
            ...{ personId: actor.personId, associationIds: [], ledTeacherIds: [] },
            ...{ deputy: false, course: false },
          },
        }),
      };
      const found =
        whose === 'unread'
          ? await questions.listUnread(filter, actor.personId, 500)
          : await questions.list(filter);
      const ordered = sort.key === 'dueAt' ? orderBy(found, ({ dueAt }) => dueAt, sort.descending) : found;
      return shown(sort.key === 'lastAt' && !sort.descending ? [...ordered].reverse() : ordered);
    },
    async unread(actor, limit) {
      if (!mayAsk(actor) && !isStaff(actor)) return [];
      const states = mayAsk(actor) ? undefined : STATES_SHOWN.waiting;
      const filter = { ...(await ownPart(actor)), ...(states && { states }) };
      return shown(await questions.listUnread(filter, actor.personId, limit));
    },
  };
}

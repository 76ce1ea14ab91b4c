import { newEvent } from '../../../infra/events/index.js';
import type { AnswerRules } from '../../../infra/settings/index.js';
import type { Clock } from '../../../shared/clock.js';
import { conflict, notFound } from '../../../shared/errors.js';
import { newKey } from '../../../shared/ids.js';
import { fullName, NAMELESS } from '../../../shared/names.js';
import { hasDuties, type Duties, type Organisation } from '../../directory/index.js';
import { answerChange, closedToAnswers } from '../answering.js';
import type { Message, Named, Question } from '../question.js';
import { questionAnswered } from '../questions.events.js';
import type { QuestionsStore } from '../questions.store.js';

/** A question with the title of its course. */
export interface StaffQuestion {
  readonly question: Question;
  readonly course: string;
}

export interface StaffQuestionsDeps {
  readonly questions: QuestionsStore;
  readonly organisation: Pick<Organisation, 'dutiesOfCard' | 'findHolder'>;
  readonly associationsOf: (question: Question) => Promise<readonly string[]>;
  readonly findCourses: (ids: readonly string[]) => Promise<readonly { id: string; title: string }[]>;
  readonly findPeople: (ids: readonly string[]) => Promise<readonly Named[]>;
  readonly rules: () => Promise<AnswerRules>;
  readonly clock: Clock;
}

/** Overdue questions for those who answer for them, outside all courses. */
export interface StaffQuestions {
  /** Overdue questions of what the holder of a card answers for, the longest overdue first. */
  listOverdue(cardId: string): Promise<StaffQuestion[]>;
  /** @throws DomainError `not-found` */
  find(cardId: string, id: string): Promise<StaffQuestion>;
  /** Answers in the holder's name. @throws DomainError 409 `question-closed`, `try-again`; `not-found` */
  answer(cardId: string, id: string, text: string): Promise<void>;
  people(question: Question): Promise<ReadonlyMap<string, Named>>;
}

/** In one list. */
const MOST = 200;
const TRIES = 5;

/** Questions of one key belong to the same associations. */
const addressedKey = ({ courseId, takenBy, to }: Question): string =>
  [to.kind === 'course' ? courseId : '', to.kind, to.id, takenBy].join(' ');

export function createStaffQuestions(deps: StaffQuestionsDeps): StaffQuestions {
  const { questions, organisation, clock } = deps;

  async function answersFor(duties: Duties, question: Question): Promise<boolean> {
    if (duties.all) return true;
    if (!hasDuties(duties)) return false;
    return (await deps.associationsOf(question)).some((id) => duties.associationIds.includes(id));
  }

  async function withCourses(found: readonly Question[]): Promise<StaffQuestion[]> {
    const courses = await deps.findCourses([...new Set(found.map(({ courseId }) => courseId))]);
    const titles = new Map(courses.map(({ id, title }) => [id, title]));
    return found.map((question) => ({ question, course: titles.get(question.courseId) ?? '' }));
  }

  async function findQuestion(cardId: string, id: string): Promise<Question> {
    const question = await questions.findAnywhere(id);
    const duties = await organisation.dutiesOfCard(cardId);
    if (question === null || !(await answersFor(duties, question))) throw notFound();
    return question;
  }

  return {
    async listOverdue(cardId) {
      const duties = await organisation.dutiesOfCard(cardId);
      const known = new Map<string, boolean>();
      const own: Question[] = [];
      for await (const question of questions.overdue(clock.now())) {
        const of = addressedKey(question);
        const isOwn = known.get(of) ?? (await answersFor(duties, question));
        known.set(of, isOwn);
        if (isOwn) own.push(question);
        if (own.length === MOST) break;
      }
      return withCourses(own);
    },

    async find(cardId, id) {
      const [found] = await withCourses([await findQuestion(cardId, id)]);
      if (found === undefined) throw notFound();
      return found;
    },

    async answer(cardId, id, text) {
      const holder = await organisation.findHolder(cardId);
      const message: Message = {
        id: newKey(),
        authorId: holder?.personIds[0] ?? '',
        authorName: fullName(holder?.name ?? NAMELESS),
        side: 'staff',
        text,
        files: [],
        at: clock.now(),
      };
      const { work } = await deps.rules();
      for (let tried = 0; tried < TRIES; tried += 1) {
        const question = await findQuestion(cardId, id);
        if (question.state === 'closed') throw closedToAnswers();
        const event = newEvent(questionAnswered, { messageId: message.id }, { at: message.at });
        if (await questions.change(question, answerChange(question, message, work), message, event)) return;
      }
      throw conflict('try-again');
    },

    async people(question) {
      const ids = [
        question.studentId,
        question.takenBy,
        question.to.kind === 'teacher' ? question.to.id : '',
      ];
      const wanted = [...ids, ...question.messages.map(({ authorId }) => authorId)].filter((id) => id !== '');
      const found = await deps.findPeople([...new Set(wanted)]);
      return new Map(found.map((person) => [person.id, person]));
    },
  };
}

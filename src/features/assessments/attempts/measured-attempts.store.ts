import { Types, type mongo } from 'mongoose';
import { isWaiting, type Mark } from '../marking/mark.js';
import { FINISHED_STATES } from './attempt-states.fields.js';
import { isCounted, type AttemptQuestion, type FinishedAttempt } from './attempt.js';
import type { AttemptModel, FoundAttempt } from './attempts-row.store.js';

/** A finished attempt as far as statistics ask. */
export type MeasuredAttempt = Pick<
  FinishedAttempt,
  'personId' | 'number' | 'score' | 'maximum' | 'questions' | 'certainty'
> & {
  readonly answers: readonly Pick<FinishedAttempt['answers'][number], 'response' | 'certainty'>[];
  readonly marks: readonly Pick<Mark, 'fraction' | 'by'>[];
};

/** What a question of an attempt has earned; null while nothing is marked, and where it is dropped. */
export interface QuestionPoints {
  readonly key: string;
  readonly points: number | null;
}

/**
 * Most attempts of a test are given the same questions with the same answers in the same places: one object stands for
 * all of them, so that thousands of attempts need little memory. So does one list for attempts with the same questions.
 */
function sharing(): (questions: readonly AttemptQuestion[]) => readonly AttemptQuestion[] {
  const known = new Map<string, AttemptQuestion>();
  let lastList: readonly AttemptQuestion[] = [];
  const shared = (question: AttemptQuestion): AttemptQuestion => {
    const last = known.get(question.versionId);
    if (last !== undefined && sameQuestion(last, question)) return last;
    known.set(question.versionId, question);
    return question;
  };
  return (questions) => {
    const list = questions.map(shared);
    const isSame = list.length === lastList.length && list.every((question, at) => question === lastList[at]);
    if (!isSame) lastList = list;
    return lastList;
  };
}

const sameQuestion = (a: AttemptQuestion, b: AttemptQuestion): boolean =>
  a.key === b.key &&
  a.mark === b.mark &&
  a.section === b.section &&
  a.order.length === b.order.length &&
  a.order.every((place, index) => place === b.order[index]);

/** Part of a projection: these fields of each element of an array. */
const partsOf = (array: string, fields: readonly string[]): Record<string, 1> =>
  Object.fromEntries(fields.map((field) => [`${array}.${field}`, 1]));

const MEASURED = {
  ...{ personId: 1, number: 1, state: 1, onTrial: 1, removed: 1, score: 1, maximum: 1, certainty: 1 },
  ...partsOf('questions', ['versionId', 'key', 'mark', 'order', 'section']),
  ...partsOf('answers', ['response', 'certainty']),
  ...partsOf('marks', ['fraction', 'by']),
};

/** Parts of many attempts at once, for figures and exports. */
export function createMeasuredAttemptsStore(model: AttemptModel) {
  // Straight to the collection for what is read of a whole test: there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<Omit<FoundAttempt, '_id'>>;
  return {
    /** What statistics read of the finished attempts of a test, oldest first. */
    async measuredOfTest(courseId: string, testId: string): Promise<MeasuredAttempt[]> {
      const cursor = rows
        .find({ courseId, testId, finishedAt: { $gt: new Date(0) } }, { projection: MEASURED })
        .sort({ finishedAt: 1 });
      const shared = sharing();
      const measured: MeasuredAttempt[] = [];
      for await (const {
        state,
        personId,
        number,
        score,
        maximum,
        certainty,
        questions,
        answers,
        marks,
        ...row
      } of cursor) {
        if (!(FINISHED_STATES as readonly string[]).includes(state) || !isCounted(row)) continue;
        const asked = shared(questions);
        measured.push({
          ...{ personId, number, score, maximum, questions: asked, answers, marks },
          ...(certainty !== undefined && { certainty }),
        });
      }
      return measured;
    },

    /** The points of each question of some attempts of a test, by attempt. */
    async pointsOf(
      courseId: string,
      testId: string,
      ids: readonly string[],
    ): Promise<ReadonlyMap<string, QuestionPoints[]>> {
      const found = await rows
        .find(
          { _id: { $in: ids.map((id) => new Types.ObjectId(id)) }, courseId, testId },
          { projection: { questions: 1, 'marks.fraction': 1, 'marks.score': 1, 'marks.by': 1 } },
        )
        .toArray();
      return new Map(
        found.map(({ _id, questions, marks }) => [
          _id.toString(),
          questions.map(({ key }, index) => {
            const mark = marks[index];
            const isLeftOut = mark === undefined || isWaiting(mark) || mark.by === 'dropped';
            return { key, points: isLeftOut ? null : mark.score };
          }),
        ]),
      );
    },
  };
}

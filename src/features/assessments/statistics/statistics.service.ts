import type { Actor } from '../../../shared/actor.js';
import { notFound } from '../../../shared/errors.js';
import type { MeasuredAttempt } from '../attempts/measured-attempts.store.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import { saidOf } from '../attempts/attempt-questions.js';
import type { QuestionsStore, QuestionVersion } from '../bank/questions.store.js';
import { countCertainty, type CertaintyCount } from '../marking/certainty.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import { isByHand, typeOf } from '../types/index.js';
import { fifthsOf, type Fifths } from './fifths.js';
import { figuresOf, type QuestionFigures, type TestFigures } from './statistics.js';

/** A response that several students gave. */
export interface AnswerCount {
  readonly text: string;
  readonly count: number;
  /** Mean share of the points of those who gave it, 0 to 1. */
  readonly fraction: number | null;
  /** Mean share of the whole test of those who gave it, 0 to 1: a good distractor draws the weak. */
  readonly total: number;
}

export interface QuestionStatistics extends QuestionFigures {
  readonly question: QuestionVersion;
  readonly mark: number;
  /** The most frequent first. */
  readonly answers: readonly AnswerCount[];
  readonly unanswered: number;
  /** Null for fewer than five attempts. */
  readonly fifths: Fifths | null;
}

export interface TestStatistics {
  readonly test: Test;
  readonly figures: TestFigures;
  readonly questions: readonly QuestionStatistics[];
  /** How often each level of certainty was right; null where no attempt asked for it. */
  readonly certainty: readonly CertaintyCount[] | null;
}

export interface StatisticsService {
  /** Figures over the first finished attempt of each student: a repetition is no independent measurement. */
  ofTest(actor: Actor, testId: string): Promise<TestStatistics>;
}

const MOST_ANSWERS = 20;

interface Deps {
  readonly tests: TestsStore;
  readonly attempts: AttemptsStore;
  readonly questions: QuestionsStore;
}

export function createStatisticsService({ tests, attempts, questions }: Deps): StatisticsService {
  return {
    async ofTest(actor, testId) {
      const test = await tests.findOptional(actor.courseId, testId);
      if (test === null) throw notFound();
      const all = firstOfEach(await attempts.measuredOfTest(actor.courseId, testId));
      const lists = new Set(all.map((attempt) => attempt.questions));
      const marks = pointsOf(test, lists);
      const [newest, given] = await Promise.all([
        questions.current(actor.courseId, [...marks.keys()]),
        questions.versions(actor.courseId, [
          ...new Set([...lists].flatMap((asked) => asked.map(({ versionId }) => versionId))),
        ]),
      ]);
      const byKey = new Map(newest.map((version) => [version.key, version]));
      const byId = new Map(given.map((version) => [version.id, version]));
      const scored = all.map(({ questions: asked, marks: given, score, maximum }) => {
        const standing = placesOf(asked);
        return {
          fractions: { get: (key: string) => given[standing.get(key) ?? -1]?.fraction ?? null },
          ...{ score, maximum },
        };
      });
      const figures = figuresOf(
        scored,
        [...marks].map(([key, mark]) => ({ key, mark })),
      );
      const fifths = fifthsOf(scored, [...marks.keys()]);
      const answers = answersOf(all, byId);
      return {
        test,
        figures,
        certainty: certaintyOf(all, byId),
        questions: figures.questions.flatMap((own) => {
          const question = byKey.get(own.key);
          const answered = answers.get(own.key);
          if (question === undefined) return [];
          return [
            {
              ...own,
              question,
              mark: marks.get(own.key) ?? 0,
              fifths: fifths?.get(own.key) ?? null,
              answers: answered === undefined ? [] : frequentOf(answered),
              unanswered: answered?.unanswered ?? 0,
            },
          ];
        }),
      };
    },
  };
}

/** Over all answers that the program marked. */
function certaintyOf(
  all: readonly MeasuredAttempt[],
  versions: ReadonlyMap<string, QuestionVersion>,
): CertaintyCount[] | null {
  const asking = all.filter(({ certainty }) => certainty === true);
  if (asking.length === 0) return null;
  return countCertainty(
    asking.flatMap((attempt) =>
      attempt.questions.flatMap(({ versionId }, index) => {
        const [answer, mark] = [attempt.answers[index], attempt.marks[index]];
        const said = saidOf(attempt, versions.get(versionId), answer);
        const counts = said?.answered === true && (mark?.by === 'auto' || mark?.by === 'regrade');
        return counts && mark.fraction !== null
          ? [{ certainty: said.certainty, fraction: mark.fraction }]
          : [];
      }),
    ),
  );
}

/** By key: the points of each question that counts, those of the test first. */
function pointsOf(test: Test, lists: Iterable<MeasuredAttempt['questions']>): Map<string, number> {
  const points = new Map<string, number>();
  for (const { key, mark, treatment } of test.items) if (treatment !== 'dropped') points.set(key, mark);
  for (const asked of lists) {
    for (const { key, mark } of asked) if (!points.has(key) && !isDropped(test, key)) points.set(key, mark);
  }
  return points;
}

/** By list of questions, which many attempts share: where each question stands, by key. */
const places = new WeakMap<MeasuredAttempt['questions'], ReadonlyMap<string, number>>();

function placesOf(asked: MeasuredAttempt['questions']): ReadonlyMap<string, number> {
  let found = places.get(asked);
  if (found === undefined) {
    found = new Map(asked.map(({ key }, index) => [key, index]));
    places.set(asked, found);
  }
  return found;
}

const isDropped = (test: Test, key: string): boolean =>
  test.items.some((item) => item.key === key && item.treatment === 'dropped');

function firstOfEach(all: readonly MeasuredAttempt[]): MeasuredAttempt[] {
  const first = new Map<string, MeasuredAttempt>();
  for (const attempt of all) {
    const known = first.get(attempt.personId);
    if (known === undefined || attempt.number < known.number) first.set(attempt.personId, attempt);
  }
  return [...first.values()];
}

interface QuestionAnswers {
  /** By text. */
  readonly counts: Map<string, { count: number; marked: number; fractions: number; total: number }>;
  unanswered: number;
}

/** By key of the question: how often each part of a response was given. Read attempt by attempt, see `columnsOf`. */
function answersOf(
  all: readonly MeasuredAttempt[],
  versions: ReadonlyMap<string, QuestionVersion>,
): ReadonlyMap<string, QuestionAnswers> {
  const found = new Map<string, QuestionAnswers>();
  for (const attempt of all) {
    const share = attempt.maximum === 0 ? 0 : attempt.score / attempt.maximum;
    attempt.questions.forEach(({ key, versionId, order }, index) => {
      const definition = versions.get(versionId)?.definition;
      if (definition === undefined) return;
      let own = found.get(key);
      if (own === undefined) found.set(key, (own = { counts: new Map(), unanswered: 0 }));
      const response = attempt.answers[index]?.response ?? null;
      if (response === null) {
        own.unanswered += 1;
        return;
      }
      // Essays and files are read one by one, not counted.
      if (isByHand(definition)) return;
      const fraction = attempt.marks[index]?.fraction ?? null;
      for (const text of typeOf(definition.type).words(definition, response, order)) {
        let entry = own.counts.get(text);
        if (entry === undefined)
          own.counts.set(text, (entry = { count: 0, marked: 0, fractions: 0, total: 0 }));
        entry.count += 1;
        entry.total += share;
        if (fraction === null) continue;
        entry.marked += 1;
        entry.fractions += fraction;
      }
    });
  }
  return found;
}

/** The most frequent first. */
const frequentOf = ({ counts }: QuestionAnswers): AnswerCount[] =>
  [...counts]
    .map(([text, { count, marked, fractions, total }]) => ({
      text,
      count,
      fraction: marked === 0 ? null : fractions / marked,
      total: total / count,
    }))
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_ANSWERS);

import { writeTable, type ExportKind, type WritingOptions } from '../../../infra/export/index.js';
import { compareNames } from '../../../shared/collation.js';
import { forbidden, notFound } from '../../../shared/errors.js';
import { NAMELESS } from '../../../shared/names.js';
import type { Person } from '../../membership/index.js';
import { maySeeResults } from '../assessments.policy.js';
import { isCounted } from '../attempts/attempt.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import { attemptColumns, type ExportedAttempt } from './attempt.columns.js';

export const ATTEMPT_FILES = 'test-attempts';

export interface AttemptFilesDeps {
  readonly tests: Pick<TestsStore, 'findOptional'>;
  readonly attempts: Pick<AttemptsStore, 'summariesOfTest' | 'pointsOf'>;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
  /** By person: the names of the person's groups in a course. */
  readonly groupNames: (courseId: string) => Promise<ReadonlyMap<string, string>>;
}

/** Attempts read at a time: the steps of the progress, and tens of milliseconds. */
const BATCH = 200;
const silent = (): Promise<void> => Promise.resolve();

/** All attempts of a test as a file. Parameter: `test`, its id. */
export function attemptFiles(deps: AttemptFilesDeps): ExportKind {
  const { tests, attempts } = deps;

  /** Every attempt that counts, by name and number, with the keys of all questions in the order of the test. */
  async function attemptsOf({ id: testId, courseId, items }: Test, tell: WritingOptions['tell']) {
    const counted = (await attempts.summariesOfTest(courseId, testId)).filter(isCounted);
    const [people, groups] = await Promise.all([
      deps.findPeople([...new Set(counted.map(({ personId }) => personId))]),
      deps.groupNames(courseId),
    ]);
    const names = new Map(people.map((person) => [person.id, person.name]));
    const rows: ExportedAttempt[] = [];
    const keys = new Set(items.map(({ key }) => key));
    await tell(0, counted.length);
    for (let from = 0; from < counted.length; from += BATCH) {
      const batch = counted.slice(from, from + BATCH);
      const points = await attempts.pointsOf(
        courseId,
        testId,
        batch.map(({ id }) => id),
      );
      for (const attempt of batch) {
        const own = points.get(attempt.id) ?? [];
        for (const { key } of own) keys.add(key);
        rows.push({
          name: names.get(attempt.personId) ?? NAMELESS,
          groups: groups.get(attempt.personId) ?? '',
          attempt,
          points: new Map(own.map((question) => [question.key, question.points])),
        });
      }
      await tell(from + batch.length, counted.length);
    }
    // They come by person and number, so those of namesakes do not mix.
    rows.sort((a, b) => compareNames(a.name, b.name));
    return { rows, keys: [...keys] };
  }

  return {
    name: ATTEMPT_FILES,
    async open({ actor }, parameters, { t }) {
      if (actor === null || !maySeeResults(actor)) throw forbidden();
      const test = await tests.findOptional(actor.courseId, parameters.test ?? '');
      if (test === null) throw notFound();
      const title = `${t('assessments.resultExport.name')}: ${test.title}`;
      return {
        title,
        async write(options) {
          const { rows, keys } = await attemptsOf(test, options.tell);
          // Reading takes the time, and is what the progress counts.
          return writeTable({ title, columns: attemptColumns(keys), rows }, { ...options, tell: silent });
        },
      };
    },
  };
}

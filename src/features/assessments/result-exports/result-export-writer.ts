import { translator } from '../../../i18n/index.js';
import { exportedBytes, EXPORT_TYPES, fileName } from '../../../infra/export/index.js';
import type { Files } from '../../../infra/files/index.js';
import { compareNames } from '../../../shared/collation.js';
import { NAMELESS } from '../../../shared/names.js';
import type { Person } from '../../membership/index.js';
import { isCounted } from '../attempts/attempt.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import { attemptColumns, type ExportedAttempt } from './attempt.columns.js';
import type { ResultExport } from './result-export.js';
import type { ResultExportsStore } from './result-exports.store.js';

/** Kind of the files' owner. */
export const EXPORT_OWNER = 'result-export';

export interface ResultExportWriter {
  /** Writes the file. May run again: what is ready stays as it is. */
  write(id: string): Promise<void>;
  /** Notes that the file could not be written. */
  fail(id: string): Promise<void>;
}

export interface ResultExportWriterDeps {
  readonly tests: Pick<TestsStore, 'findOptional'>;
  readonly attempts: Pick<AttemptsStore, 'summariesOfTest' | 'pointsOf'>;
  readonly exports: ResultExportsStore;
  readonly files: Pick<Files, 'store' | 'removeOf'>;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
  /** By person: the names of the person's groups in a course. */
  readonly groupNames: (courseId: string) => Promise<ReadonlyMap<string, string>>;
}

/** Attempts read at a time: the steps of the progress, and tens of milliseconds. */
const BATCH = 200;

export function createResultExportWriter(deps: ResultExportWriterDeps): ResultExportWriter {
  const { tests, attempts, exports, files } = deps;

  /** Every attempt that counts, by name and number, with the keys of all questions in the order of the test. */
  async function attemptsOf({ id, courseId, testId }: ResultExport, test: Test) {
    const counted = (await attempts.summariesOfTest(courseId, testId)).filter(isCounted);
    const [people, groups] = await Promise.all([
      deps.findPeople([...new Set(counted.map(({ personId }) => personId))]),
      deps.groupNames(courseId),
    ]);
    const names = new Map(people.map((person) => [person.id, person.name]));
    const rows: ExportedAttempt[] = [];
    const keys = new Set(test.items.map(({ key }) => key));
    await exports.setProgress(id, 0, counted.length);
    for (let from = 0; from < counted.length; from += BATCH) {
      const batch = counted.slice(from, from + BATCH);
      const ids = batch.map((attempt) => attempt.id);
      const points = await attempts.pointsOf(courseId, testId, ids);
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
      await exports.setProgress(id, from + batch.length, counted.length);
    }
    // They come by person and number, so those of namesakes do not mix.
    rows.sort((a, b) => compareNames(a.name, b.name));
    return { rows, keys: [...keys] };
  }

  return {
    async write(id) {
      const file = await exports.unsafe_findOptional(id);
      if (file?.state !== 'waiting') return;
      const test = await tests.findOptional(file.courseId, file.testId);
      if (test === null) {
        await exports.end(id, 'failed', null);
        return;
      }
      const { rows, keys } = await attemptsOf(file, test);
      const { format, locale, zone } = file;
      const t = translator(locale);
      const title = `${t('assessments.resultExport.name')}: ${test.title}`;
      const list = { title, columns: attemptColumns(keys), rows };
      const bytes = await exportedBytes(format, list, { t, locale, zone });
      const owner = { kind: EXPORT_OWNER, id };
      // Of a run that was killed before its last write.
      await files.removeOf(owner);
      const stored = await files.store({
        owner,
        uploadedBy: '',
        name: fileName(title, file.createdAt, zone, format),
        type: EXPORT_TYPES[format].replace(/;.*/, ''),
        source: { buffer: bytes },
      });
      // If an erasure has removed the export meanwhile, no document refers to the bytes, and the sweep deletes them.
      await exports.end(id, 'ready', stored.id);
    },

    async fail(id) {
      await exports.end(id, 'failed', null);
    },
  };
}

import type { Test } from '../tests/tests.store.js';
import type { ResultExport } from './result-export.js';

/** What a person has asked for of a test. */
export const exportsView = ({
  test,
  files,
}: {
  readonly test: Test;
  readonly files: readonly ResultExport[];
}) => ({
  test: { id: test.id, title: test.title },
  files: files.map(({ id, format, state, createdAt, done, total, fileId }) => ({
    ...{ id, format, state, createdAt, done, total, fileId },
    /** Of the bar, which must not be 0. */
    most: Math.max(1, total),
  })),
});

import type { Clock } from '../../../shared/clock.js';
import type { TestsStore } from './tests.store.js';

export interface ColumnsDeps {
  readonly tests: Pick<TestsStore, 'columnsDue' | 'clearColumnDue'>;
  /** Tells the gradebook's worker. */
  readonly changed: (courseId: string, testId: string) => Promise<void>;
  readonly clock: Clock;
}

const BATCH = 100;

/**
 * Tests whose title or questions have changed, and whose gradebook columns may have to follow. A change
 * sets a mark in the same write; it goes once the gradebook's worker knows. Many changes in a row are one.
 */
export function createColumnsService({ tests, changed, clock }: ColumnsDeps) {
  return {
    async sweep(): Promise<void> {
      for (const { courseId, id, since } of await tests.columnsDue(clock.now(), BATCH)) {
        await changed(courseId, id);
        await tests.clearColumnDue(id, since);
      }
    },
  };
}

export type ColumnsService = ReturnType<typeof createColumnsService>;

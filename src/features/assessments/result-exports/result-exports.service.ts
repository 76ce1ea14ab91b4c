import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { notFound } from '../../../shared/errors.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import type { ResultExport } from './result-export.js';
import type { ResultExportsStore } from './result-exports.store.js';

export type WantedExport = Pick<ResultExport, 'format' | 'locale' | 'zone'>;

/** Files with all attempts of a test, written in the background: thousands of attempts take longer than a page may. */
export interface ResultExports {
  /**
   * Asks for a file. One that the actor waits for already is not begun again.
   * @throws DomainError `not-found`
   */
  ask(actor: Actor, testId: string, wanted: WantedExport): Promise<void>;
  /** What the actor has asked for, newest first. @throws DomainError `not-found` */
  listOwn(actor: Actor, testId: string): Promise<{ test: Test; files: ResultExport[] }>;
}

export interface ResultExportsDeps {
  readonly tests: Pick<TestsStore, 'findOptional'>;
  readonly exports: ResultExportsStore;
  /** Has a job write the file. */
  readonly enqueue: (id: string) => Promise<void>;
  readonly clock: Clock;
}

export function createResultExports({ tests, exports, enqueue, clock }: ResultExportsDeps): ResultExports {
  async function findTest(courseId: string, testId: string): Promise<Test> {
    const test = await tests.findOptional(courseId, testId);
    if (test === null) throw notFound();
    return test;
  }

  return {
    async ask(actor, testId, wanted) {
      const { courseId, personId: createdBy } = actor;
      await findTest(courseId, testId);
      const waiting = (await exports.listOf(courseId, testId, createdBy)).find(
        ({ state, format }) => state === 'waiting' && format === wanted.format,
      );
      const id =
        waiting?.id ??
        (await exports.insert({ courseId, testId, createdBy, createdAt: clock.now(), ...wanted }));
      // Also for an export that waits: the process may have been killed before it enqueued the job.
      await enqueue(id);
    },

    async listOwn({ courseId, personId }, testId) {
      const test = await findTest(courseId, testId);
      return { test, files: await exports.listOf(courseId, testId, personId) };
    },
  };
}

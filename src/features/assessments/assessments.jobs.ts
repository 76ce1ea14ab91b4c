import { z } from 'zod';
import type { Events } from '../../infra/events/index.js';
import { defineJob, type Jobs } from '../../infra/jobs/index.js';
import { lineItemFound } from '../gradebook/index.js';
import { linkChanged, type LaunchFeature } from '../launch/index.js';
import { attemptMarked, attemptSubmitted } from './attempts/attempts.events.js';
import type { AttemptsService } from './attempts/attempts.service.js';
import { CLOSE_MARK, type AttemptsStore } from './attempts/attempts.store.js';
import type { ScorePublishing } from './attempts/score-publishing.service.js';
import { COLUMN_MARK, GRADES_MARK } from './tests/tests-row.store.js';
import type { TestsStore } from './tests/tests.store.js';

export interface AssessmentsJobsDeps {
  readonly jobs: Jobs;
  readonly events: Events;
  readonly attemptsStore: AttemptsStore;
  readonly testsStore: TestsStore;
  readonly attempts: Pick<AttemptsService, 'closeIfOver'>;
  readonly scorePublishing: Pick<ScorePublishing, 'publish' | 'publishPart' | 'publishAll'>;
  readonly findLink: LaunchFeature['links']['findOptional'];
  /** Tells the gradebook that a test has another title or maximum. */
  readonly columnChanged: (courseId: string, testId: string) => Promise<void>;
}

const ofTest = z.object({ courseId: z.string(), testId: z.string() });
type OfTest = z.infer<typeof ofTest>;

const testOf = (testId: string, row: unknown): OfTest => ({
  courseId: (row as { courseId: string }).courseId,
  testId,
});

/**
 * The background work of tests: attempts are closed when their time is over, scores go to the gradebook, and its
 * columns follow the tests. Each is asked for by an event or a mark in the write that makes it necessary.
 */
export function addAssessmentsJobs(deps: AssessmentsJobsDeps): void {
  const { jobs, events, attemptsStore, testsStore, attempts, scorePublishing } = deps;
  events.watch(attemptsStore.model);
  events.subscribe(attemptMarked, {
    name: 'publish-score',
    run: ({ documentId }) => scorePublishing.publish(documentId),
  });
  // Parts of a grade go at once where the test says so; what is marked whole has gone by the event above.
  events.subscribe(attemptSubmitted, {
    name: 'publish-part',
    run: ({ documentId }) => scorePublishing.publishPart(documentId),
  });

  const closeAttempt = jobs.register(
    defineJob({
      name: 'close-attempt',
      payload: z.object({ attemptId: z.string() }),
      key: ({ attemptId }) => attemptId,
      run: ({ payload }) => attempts.closeIfOver(payload.attemptId),
    }),
  );
  events.watchMark(attemptsStore.model, CLOSE_MARK, closeAttempt, (attemptId) => ({ attemptId }));

  const publishTestScores = jobs.register(
    defineJob({
      name: 'publish-test-scores',
      payload: ofTest,
      key: ({ testId }) => testId,
      run: ({ payload: { courseId, testId } }) => scorePublishing.publishAll(courseId, testId),
    }),
  );
  events.watchMark(testsStore.model, GRADES_MARK, publishTestScores, testOf, ['courseId']);

  // A line item has become known, from a launch or by a search: all scores go to it.
  events.subscribe(linkChanged, {
    name: 'publish-scores-of-link',
    async run({ documentId, data: { courseId } }) {
      const link = await deps.findLink(courseId, documentId);
      if (link?.content?.kind !== 'test' || link.lineItem === '') return;
      await jobs.enqueue(publishTestScores, { courseId, testId: link.content.id });
    },
  });
  events.subscribeJob(lineItemFound, publishTestScores, ({ data: { courseId, content } }) =>
    content.kind === 'test' ? { payload: { courseId, testId: content.id } } : null,
  );

  // Many changes in a row are told of once.
  const tellColumnChanged = jobs.register(
    defineJob({
      name: 'tell-column-changed',
      payload: ofTest,
      key: ({ testId }) => testId,
      run: ({ payload: { courseId, testId } }) => deps.columnChanged(courseId, testId),
    }),
  );
  events.watchMark(testsStore.model, COLUMN_MARK, tellColumnChanged, testOf, ['courseId']);
}

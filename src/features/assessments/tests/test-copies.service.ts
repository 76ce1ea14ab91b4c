import type { Clock } from '../../../shared/clock.js';
import type { Copies } from '../../../shared/content.js';
import { isRecordId, keyOf } from '../../../shared/ids.js';
import { isDrawable } from '../attempts/draws.js';
import { filesIn } from '../bank/files-in.js';
import type { QuestionsStore } from '../bank/questions.store.js';
import type { TestsStore } from './tests.store.js';

export interface CopiesDeps {
  readonly tests: TestsStore;
  readonly questions: QuestionsStore;
  readonly clock: Clock;
}

/**
 * Tests in courses that the LMS has copied. A copy has the settings, the state and the newest questions of its
 * source; attempts and grades stay where they are. Every step finds what an earlier try, or another process, has
 * done: keys of copied questions follow from their source, and the copy itself is one by a unique index.
 */
export function createCopies({ tests, questions, clock }: CopiesDeps): Copies {
  return {
    courseOf: async (id) => (isRecordId(id) ? tests.courseOf(id) : null),

    async standIn(courseId, id) {
      if (!isRecordId(id)) return null;
      const own = await tests.findOptional(courseId, id);
      return (own ?? (await tests.findCopy(courseId, id)))?.id ?? null;
    },

    async copy(id, from, toCourseId) {
      const known = await tests.findCopy(toCourseId, id);
      if (known !== null) return known.id;
      const source = await tests.findToCopy(from.courseId, id);
      if (source === null) return null;
      const { test, author } = source;
      const now = clock.now();
      const fixed = await questions.current(
        test.courseId,
        test.items.map((item) => item.key),
      );
      // What attempts draw from goes along.
      const drawn =
        (test.draws ?? []).length === 0
          ? []
          : (await questions.recent(test.courseId)).filter((question) =>
              (test.draws ?? []).some((draw) => isDrawable(question, draw)),
            );
      const found = [...new Map([...fixed, ...drawn].map((question) => [question.key, question])).values()];
      const keys = new Map<string, string>();
      for (const question of found) {
        // Tests that share a question go on sharing it; a version of later is a question of its own.
        const key = keyOf(`${toCourseId} ${test.courseId} ${question.key} ${question.version}`);
        keys.set(question.key, key);
        const { id: _id, createdAt: _at, ...content } = question;
        const copied = {
          ...content,
          courseId: toCourseId,
          key,
          version: 1,
          createdBy: author,
          files: filesIn(question),
        };
        await questions.insert(copied, now);
      }
      const items = test.items.flatMap((item) => {
        const copied = keys.get(item.key);
        return copied === undefined ? [] : [{ ...item, key: copied }];
      });
      await tests.insertCopy(source, toCourseId, items, { testId: id, courseTitle: from.title, at: now });
      return (await tests.findCopy(toCourseId, id))?.id ?? null;
    },
  };
}

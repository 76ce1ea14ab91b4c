import type { Actor } from '../../shared/actor.js';
import type { ContentKind, Copies } from '../../shared/content.js';
import { isRecordId } from '../../shared/ids.js';
import { maximumOf } from './marking/grading.js';
import type { TestsService } from './tests/tests.service.js';
import type { TestsStore } from './tests/tests.store.js';

/** Tests as links of an LMS course open them. */
export const testKind = (
  tests: Pick<TestsService, 'list'>,
  store: Pick<TestsStore, 'findOptional'>,
  copies: Copies,
): ContentKind => ({
  kind: 'test',
  label: 'assessments.kind',
  path: (id) => `tests/${id}`,
  createPath: 'tests/new',
  copies,
  reviewPath: (id, personId) => `tests/${id}/people/${personId}`,
  async columnOf(courseId, id) {
    // Links name their content as they like.
    const test = isRecordId(id) ? await store.findOptional(courseId, id) : null;
    return test && { label: test.title, scoreMaximum: maximumOf(test) };
  },
  async list(actor: Actor) {
    return (await tests.list(actor)).map((test) => ({
      id: test.id,
      title: test.title,
      draft: test.state === 'draft',
      scoreMaximum: maximumOf(test),
      ...(test.opensAt && { opensAt: test.opensAt }),
      ...(test.closesAt && { closesAt: test.closesAt }),
    }));
  },
});

import type { Actor } from '../../shared/actor.js';
import type { ContentKind, Copies } from '../../shared/content.js';
import { maximumOf } from './grading.js';
import type { TestsService } from './tests.service.js';

/** Tests as links of an LMS course open them. */
export const testKind = (tests: Pick<TestsService, 'list'>, copies: Copies): ContentKind => ({
  kind: 'test',
  label: 'assessments.kind',
  path: (id) => `tests/${id}`,
  createPath: 'tests/new',
  copies,
  reviewPath: (id, personId) => `tests/${id}/people/${personId}`,
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

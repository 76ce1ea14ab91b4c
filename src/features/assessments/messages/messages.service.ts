import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput, forbidden, notFound } from '../../../shared/errors.js';
import type { PersonName } from '../../../shared/names.js';
import { mayEdit } from '../assessments.policy.js';
import type { ResultsService } from '../results/results.service.js';
import type { TestsStore } from '../tests/tests.store.js';
import type { TestMessage, TestMessagesStore } from './messages.store.js';

/** A message as those to whom it goes are told of it. */
export interface ToldTestMessage extends Pick<TestMessage, 'courseId' | 'text' | 'personIds'> {
  readonly title: string;
  readonly teacher: PersonName | null;
  /** Of the test's page, below the course. */
  readonly path: string;
}

export interface NewTestMessage {
  readonly text: string;
  readonly personIds: readonly string[];
  readonly key: string;
}

/** Messages of teachers to students chosen among a test's results. */
export interface TestMessages {
  /**
   * @throws DomainError `bad-input` on `text` or `person`, also for a person who is not among the results; `forbidden`;
   *   `not-found`
   */
  write(actor: Actor, testId: string, message: NewTestMessage): Promise<void>;
  /** Returns null if the test is gone. */
  findTold(id: string): Promise<ToldTestMessage | null>;
}

interface Deps {
  readonly messages: TestMessagesStore;
  readonly tests: Pick<TestsStore, 'findMany'>;
  readonly results: Pick<ResultsService, 'ofTest' | 'namesOf'>;
  readonly clock: Clock;
}

export function createTestMessages({ messages, tests, results, clock }: Deps): TestMessages {
  return {
    async write(actor, testId, { text, personIds, key }) {
      if (!mayEdit(actor)) throw forbidden();
      const { students } = await results.ofTest(actor, testId, { seen: false });
      if (text === '') throw badInput({ text: 'errors.field.missing' });
      if (personIds.length === 0) throw badInput({ person: 'errors.field.chooseOne' });
      const known = new Set(students.map(({ personId }) => personId));
      if (personIds.some((id) => !known.has(id))) throw notFound();
      const { courseId, personId: by } = actor;
      // Another teacher's form of the same key is another message.
      await messages.insert({ courseId, testId, text, personIds, by, at: clock.now(), key: `${by}:${key}` });
    },

    async findTold(id) {
      const message = await messages.findOptional(id);
      if (message === null) return null;
      const { courseId, testId, text, personIds, by } = message;
      const [test] = await tests.findMany(courseId, [testId]);
      if (test === undefined || test.state === 'removed') return null;
      const names = await results.namesOf([by]);
      const teacher = names.get(by) ?? null;
      return { courseId, text, personIds, title: test.title, teacher, path: `tests/${testId}` };
    },
  };
}

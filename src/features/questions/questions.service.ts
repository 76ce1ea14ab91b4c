import type { Actor } from '../../shared/actor.js';
import { notFound } from '../../shared/errors.js';
import { ifWritable } from '../../storage/index.js';
import { createAsking, type Asking, type AskingDeps } from './asking.service.js';
import type { Question } from './question.js';
import { maySee, type Reach } from './questions.policy.js';
import type { QuestionsStore } from './questions.store.js';
import { createThread, type Thread, type ThreadDeps } from './thread.service.js';

export interface QuestionsServiceDeps extends AskingDeps, Omit<ThreadDeps, 'find'> {
  readonly questions: QuestionsStore;
  readonly drafts: AskingDeps['drafts'];
  /** What a person answers for. */
  readonly reachOf: (personId: string) => Promise<Reach>;
}

export interface QuestionsService extends Asking, Thread {
  /** A question that the actor may see. @throws DomainError `not-found` */
  find(actor: Actor, id: string): Promise<Question>;
  /** The same, and marks its last message as seen, unless the actor views the course as another person. */
  open(actor: Actor, id: string): Promise<Question>;
}

export function createQuestionsService(deps: QuestionsServiceDeps): QuestionsService {
  const { questions } = deps;

  async function find(actor: Actor, id: string): Promise<Question> {
    const question = await questions.findOptional(actor.courseId, id);
    if (question === null || !maySee(actor, question, await deps.reachOf(actor.personId))) throw notFound();
    return question;
  }

  return {
    ...createAsking(deps),
    ...createThread({ ...deps, find }),
    find,

    async open(actor, id) {
      const question = await find(actor, id);
      if (actor.viewer === undefined && !question.readBy.includes(actor.personId))
        await ifWritable(questions.markRead(id, actor.personId));
      return question;
    },
  };
}

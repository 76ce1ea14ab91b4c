import { Types } from 'mongoose';
import { newEvent } from '../../infra/events/index.js';
import type { Attachments, UploadedAttachment } from '../../infra/files/index.js';
import type { AnswerRules } from '../../infra/settings/index.js';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import { badInput, forbidden } from '../../shared/errors.js';
import { atLeast } from '../../shared/roles.js';
import { messageOf, owedFrom } from './answering.js';
import type { DraftsStore } from './drafts.store.js';
import { subjectOf, type Addressee, type Question } from './question.js';
import { questionAsked } from './questions.events.js';
import { mayAsk } from './questions.policy.js';
import type { NewQuestionInput } from './questions.schema.js';
import type { QuestionsStore } from './questions.store.js';

export interface AskingDeps {
  readonly questions: Pick<QuestionsStore, 'insert'>;
  readonly drafts: Pick<DraftsStore, 'remove'>;
  readonly files: Attachments;
  readonly clock: Clock;
  readonly rules: () => Promise<AnswerRules>;
  readonly membersOf: (
    courseId: string,
  ) => Promise<readonly { personId: string; role: Actor['role']; leftAt: Date | null }[]>;
  readonly associationIds: () => Promise<readonly string[]>;
}

/** Asks new questions. */
export interface Asking {
  /**
   * Asks a question. Sent twice with one key, it asks once.
   * @throws DomainError `forbidden`; `bad-input` on `to` and `files`; `files-quota` (409)
   */
  ask(actor: Actor, input: NewQuestionInput, uploads: readonly UploadedAttachment[]): Promise<Question>;
}

export function createAsking(deps: AskingDeps): Asking {
  const { questions, drafts, files, clock } = deps;

  async function checkAddressee({ courseId }: Actor, to: Addressee): Promise<void> {
    if (to.kind === 'course') return;
    const known =
      to.kind === 'teacher'
        ? (await deps.membersOf(courseId)).some(
            ({ personId, role, leftAt }) =>
              personId === to.id && leftAt === null && atLeast(role, 'assistant'),
          )
        : (await deps.associationIds()).includes(to.id);
    if (!known) throw badInput({ to: 'errors.field.wrong' });
  }

  return {
    async ask(actor, { to, text, consent, key }, uploads) {
      if (!mayAsk(actor)) throw forbidden();
      await checkAddressee(actor, to);
      const id = new Types.ObjectId().toString();
      const fileIds = await files.store(id, actor.personId, uploads);
      const message = messageOf(actor, text, fileIds, clock.now());
      const question = await questions.insert(
        {
          id,
          key: `${actor.personId}:${key}`,
          courseId: actor.courseId,
          studentId: actor.personId,
          to,
          subject: subjectOf(text),
          state: 'new',
          takenBy: '',
          messages: [message],
          askedAt: message.at,
          ...owedFrom(message.at, await deps.rules()),
          answeredAt: null,
          answerTime: null,
          lastAt: message.at,
          consent,
          slotId: '',
        },
        newEvent(questionAsked, { again: false }, { at: message.at }),
      );
      if (question.id !== id) await files.remove(fileIds);
      await drafts.remove({ personId: actor.personId, courseId: actor.courseId, place: 'new' });
      return question;
    },
  };
}

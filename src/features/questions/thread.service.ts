import { newEvent, type Event } from '../../infra/events/index.js';
import type { Attachments, UploadedAttachment } from '../../infra/files/index.js';
import type { AnswerRules } from '../../infra/settings/index.js';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import { conflict, forbidden } from '../../shared/errors.js';
import { answerChange, closedToAnswers, messageOf, OWES_NOTHING, owedFrom } from './answering.js';
import type { DraftsStore } from './drafts.store.js';
import { WAITING, type Message, type Question } from './question.js';
import { questionAnswered, questionAsked, questionClosed, questionTaken } from './questions.events.js';
import { isStaff, mayAsk } from './questions.policy.js';
import type { QuestionChange, QuestionsStore } from './questions.store.js';

export interface ThreadDeps {
  readonly questions: Pick<QuestionsStore, 'change'>;
  readonly drafts: Pick<DraftsStore, 'remove'>;
  readonly files: Attachments;
  readonly clock: Clock;
  readonly rules: () => Promise<AnswerRules>;
  /** Books a seat for the actor. @throws DomainError as the consultations do */
  readonly bookSlot: (actor: Actor, slotId: string, question: string, when: SayMoment) => Promise<void>;
  /** A question that the actor may see. @throws DomainError `not-found` */
  readonly find: (actor: Actor, id: string) => Promise<Question>;
}

/** Writes a moment for the person who reads a refusal. */
type SayMoment = (moment: Date) => string;

/** What is done with a question that stands. */
export interface Thread {
  /**
   * Writes into a question: the centre answers, the student asks on.
   * @throws DomainError 409 `question-closed`, `try-again`; `bad-input` on `files`; `not-found`
   */
  write(actor: Actor, id: string, text: string, uploads: readonly UploadedAttachment[]): Promise<Question>;
  /** Says that the actor will answer. @throws DomainError 409 `question-taken`, `question-closed` */
  take(actor: Actor, id: string): Promise<void>;
  /** Closing what is closed changes nothing. */
  close(actor: Actor, id: string): Promise<void>;
  /** Only the student opens a closed question again. */
  reopen(actor: Actor, id: string): Promise<void>;
  /** The student lets the centre publish the question without the name, or takes that back. */
  setConsent(actor: Actor, id: string, consent: boolean): Promise<void>;
  /**
   * Books a consultation about the question for its student.
   * @param when writes the moment of what stands in the way
   * @throws DomainError as the consultations do
   */
  book(actor: Actor, id: string, slotId: string, when: SayMoment): Promise<void>;
}

interface Change {
  readonly set: QuestionChange;
  readonly message?: Message;
  readonly event?: Event;
}

const TRIES = 5;

export function createThread(deps: ThreadDeps): Thread {
  const { questions, drafts, files, clock, find } = deps;

  /** Changes the question as it is by then; several may write at one moment. */
  async function change(
    actor: Actor,
    id: string,
    make: (question: Question) => Promise<Change | null>,
  ): Promise<Question> {
    for (let tried = 0; tried < TRIES; tried += 1) {
      const question = await find(actor, id);
      const made = await make(question);
      if (made === null) return question;
      const changed = await questions.change(question, made.set, made.message ?? null, made.event);
      if (changed !== null) return changed;
    }
    throw conflict('try-again');
  }

  async function answered(question: Question, message: Message): Promise<Change> {
    const { work } = await deps.rules();
    return {
      set: answerChange(question, message, work),
      message,
      event: newEvent(questionAnswered, { messageId: message.id }, { at: message.at }),
    };
  }

  async function askedOn(question: Question, message: Message): Promise<Change> {
    const waits = WAITING.includes(question.state);
    return {
      set: waits ? {} : { state: 'reopened', ...owedFrom(message.at, await deps.rules()) },
      message,
      event: newEvent(questionAsked, { again: true }, { at: message.at }),
    };
  }

  return {
    async write(actor, id, text, uploads) {
      if ((await find(actor, id)).state === 'closed') throw closedToAnswers();
      const fileIds = await files.store(id, actor.personId, uploads);
      try {
        const message = messageOf(actor, text, fileIds, clock.now());
        const written = await change(actor, id, (question) => {
          if (question.state === 'closed') throw closedToAnswers();
          return message.side === 'staff' ? answered(question, message) : askedOn(question, message);
        });
        await drafts.remove({ personId: actor.personId, courseId: actor.courseId, place: id });
        return written;
      } catch (error) {
        await files.remove(fileIds);
        throw error;
      }
    },

    async take(actor, id) {
      if (!isStaff(actor)) throw forbidden();
      await change(actor, id, (question) => {
        if (question.takenBy === actor.personId) return Promise.resolve(null);
        if (question.state === 'taken') throw conflict('question-taken');
        if (!WAITING.includes(question.state)) throw conflict('question-closed');
        return Promise.resolve({
          set: { state: 'taken', takenBy: actor.personId },
          event: newEvent(questionTaken, {}, { at: clock.now() }),
        });
      });
    },

    async close(actor, id) {
      await change(actor, id, ({ state }) =>
        Promise.resolve(
          state === 'closed'
            ? null
            : {
                set: { state: 'closed', ...OWES_NOTHING },
                event: newEvent(questionClosed, {}, { at: clock.now() }),
              },
        ),
      );
    },

    async reopen(actor, id) {
      if (!mayAsk(actor)) throw forbidden();
      await change(actor, id, async ({ state }) =>
        state === 'closed'
          ? {
              set: { state: 'reopened', ...owedFrom(clock.now(), await deps.rules()) },
              event: newEvent(questionAsked, { again: true }, { at: clock.now() }),
            }
          : null,
      );
    },

    async setConsent(actor, id, consent) {
      await change(actor, id, (question) => {
        if (question.studentId !== actor.personId) throw forbidden();
        return Promise.resolve(question.consent === consent ? null : { set: { consent } });
      });
    },

    async book(actor, id, slotId, when) {
      const question = await find(actor, id);
      if (question.studentId !== actor.personId) throw forbidden();
      await deps.bookSlot(actor, slotId, question.subject, when);
      await change(actor, id, () => Promise.resolve({ set: { slotId } }));
    },
  };
}

import { Types } from 'mongoose';
import { newEvent, type Event } from '../../infra/events/index.js';
import type { Attachments, UploadedAttachment } from '../../infra/files/index.js';
import type { AnswerRules } from '../../infra/settings/index.js';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import { badInput, conflict, forbidden, notFound } from '../../shared/errors.js';
import { newKey } from '../../shared/ids.js';
import { atLeast } from '../../shared/roles.js';
import { afterWorkingHours } from '../../shared/working-hours.js';
import { answerChange, OWES_NOTHING } from './answering.js';
import type { DraftsStore } from './drafts.store.js';
import { subjectOf, WAITING, type Addressee, type Message, type Question } from './question.js';
import { questionAnswered, questionAsked, questionClosed, questionTaken } from './questions.events.js';
import { isStaff, mayAsk, maySee } from './questions.policy.js';
import type { NewQuestionInput } from './questions.schema.js';
import type { QuestionChange, QuestionsStore } from './questions.store.js';
import { ifWritable } from '../../storage/index.js';

export interface QuestionsServiceDeps {
  readonly questions: QuestionsStore;
  readonly drafts: DraftsStore;
  readonly files: Attachments;
  readonly clock: Clock;
  readonly rules: () => Promise<AnswerRules>;
  readonly membersOf: (courseId: string) => Promise<readonly { personId: string; role: Actor['role'] }[]>;
  readonly associationIds: () => Promise<readonly string[]>;
  /** Associations that the person belongs to or heads. */
  readonly associationsOf: (personId: string) => Promise<readonly string[]>;
  /** Books a seat for the actor. @throws DomainError as the consultations do */
  readonly bookSlot: (actor: Actor, slotId: string, question: string) => Promise<void>;
}

export interface QuestionsService {
  /**
   * Asks a question. Sent twice with one key, it asks once.
   * @throws DomainError `forbidden`; `bad-input` on `to` and `files`; `files-quota` (409)
   */
  ask(actor: Actor, input: NewQuestionInput, uploads: readonly UploadedAttachment[]): Promise<Question>;
  /** A question that the actor may see. @throws DomainError `not-found` */
  find(actor: Actor, id: string): Promise<Question>;
  /** The same, and marks its last message as seen, unless the actor views the course as another person. */
  open(actor: Actor, id: string): Promise<Question>;
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
  /** Books a consultation about the question for its student. */
  book(actor: Actor, id: string, slotId: string): Promise<void>;
}

const TRIES = 5;

export function createQuestionsService(deps: QuestionsServiceDeps): QuestionsService {
  const { questions, drafts, files, clock } = deps;

  async function find(actor: Actor, id: string): Promise<Question> {
    const question = await questions.findOptional(actor.courseId, id);
    if (question === null || !maySee(actor, question, await deps.associationsOf(actor.personId)))
      throw notFound();
    return question;
  }

  async function checkAddressee({ courseId }: Actor, to: Addressee): Promise<void> {
    if (to.kind === 'course') return;
    const known =
      to.kind === 'teacher'
        ? (await deps.membersOf(courseId)).some(
            ({ personId, role }) => personId === to.id && atLeast(role, 'assistant'),
          )
        : (await deps.associationIds()).includes(to.id);
    if (!known) throw badInput({ to: 'errors.field.wrong' });
  }

  /** The centre owes an answer from now on. */
  async function owed(
    now: Date,
  ): Promise<Pick<Question, 'waitingSince' | 'dueAt' | 'escalateAt' | 'escalation'>> {
    const { work, answerHours } = await deps.rules();
    const dueAt = afterWorkingHours(now, answerHours, work);
    return { waitingSince: now, dueAt, escalateAt: dueAt, escalation: 0 };
  }

  const messageOf = (actor: Actor, text: string, fileIds: readonly string[]): Message => ({
    id: newKey(),
    authorId: actor.personId,
    side: mayAsk(actor) ? 'student' : 'staff',
    text,
    files: fileIds,
    at: clock.now(),
  });

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
      set: waits ? {} : { state: 'reopened', ...(await owed(message.at)) },
      message,
      event: newEvent(questionAsked, { again: true }, { at: message.at }),
    };
  }

  return {
    find,

    async ask(actor, { to, text, consent, key }, uploads) {
      if (!mayAsk(actor)) throw forbidden();
      await checkAddressee(actor, to);
      const id = new Types.ObjectId().toString();
      const fileIds = await files.store(id, actor.personId, uploads);
      const message = messageOf(actor, text, fileIds);
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
          ...(await owed(message.at)),
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

    async open(actor, id) {
      const question = await find(actor, id);
      if (actor.viewer === undefined && !question.readBy.includes(actor.personId))
        await ifWritable(questions.markRead(id, actor.personId));
      return question;
    },

    async write(actor, id, text, uploads) {
      if ((await find(actor, id)).state === 'closed') throw conflict('question-closed');
      const fileIds = await files.store(id, actor.personId, uploads);
      try {
        const message = messageOf(actor, text, fileIds);
        const written = await change(actor, id, (question) => {
          if (question.state === 'closed') throw conflict('question-closed');
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
              set: { state: 'reopened', ...(await owed(clock.now())) },
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

    async book(actor, id, slotId) {
      const question = await find(actor, id);
      if (question.studentId !== actor.personId) throw forbidden();
      await deps.bookSlot(actor, slotId, question.subject);
      await change(actor, id, () => Promise.resolve({ set: { slotId } }));
    },
  };
}

interface Change {
  readonly set: QuestionChange;
  readonly message?: Message;
  readonly event?: Event;
}

import { Schema, type Connection, type Types } from 'mongoose';
import {
  emitted,
  emitting,
  withEvents,
  type AnyModel,
  type EmittingRow,
  type Event,
} from '../../infra/events/index.js';
import { searchFilter, searchTerms } from '../../shared/search-terms.js';
import { isDuplicateKey, keepReads, modelOf } from '../../storage/index.js';
import { ASKED_FIELDS, type Addressee, type AskedQuestion } from './question.js';
import type { Message, Question, QuestionState } from './question.js';

interface Row extends Omit<Question, 'id'>, EmittingRow {
  /** Of the form that asked: sent twice, it asks once. */
  key?: string;
  searchTerms: string[];
}

const message = new Schema<Message>(
  { id: String, authorId: String, authorName: String, side: String, text: String, files: [String], at: Date },
  { _id: false, id: false },
);

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    studentId: { type: String, required: true },
    to: {
      type: new Schema<Addressee>({ kind: String, id: String }, { _id: false, id: false }),
      required: true,
    },
    subject: { type: String, required: true },
    state: { type: String, required: true },
    takenBy: { type: String, default: '' },
    messages: { type: [message], required: true },
    askedAt: { type: Date, required: true },
    waitingSince: { type: Date, default: null },
    dueAt: { type: Date, default: null },
    escalation: { type: Number, default: 0 },
    escalateAt: { type: Date, default: null },
    answeredAt: { type: Date, default: null },
    answerTime: { type: Number, default: null },
    lastAt: { type: Date, required: true },
    consent: { type: Boolean, default: false },
    slotId: { type: String, default: '' },
    readBy: { type: [String], default: [] },
    version: { type: Number, required: true },
    key: { type: String },
    searchTerms: { type: [String], default: [] },
  },
  { collection: 'questions', versionKey: false },
);
schema.plugin(withEvents);
schema.index({ key: 1 }, { unique: true, sparse: true });
schema.index({ courseId: 1, studentId: 1, lastAt: -1 });
schema.index({ courseId: 1, state: 1, lastAt: -1 });
schema.index({ state: 1, escalateAt: 1 });
schema.index({ state: 1, dueAt: 1 });
schema.index({ state: 1, lastAt: 1 });
schema.index({ askedAt: 1 });
schema.index({ 'to.id': 1 });
schema.index({ searchTerms: 1 });

type Found = Row & { _id: Types.ObjectId };
export type QuestionRow = Found;
export const questionsModel = (connection: Connection) => modelOf(connection, 'Question', schema);

function plain(row: Found): Question {
  const { _id, key: _key, searchTerms: _terms, events: _events, eventsAt: _at, ...rest } = row;
  return {
    ...rest,
    to: { kind: row.to.kind, id: row.to.id },
    messages: row.messages.map((item) => ({ ...item, files: [...item.files] })),
    id: _id.toString(),
  };
}

export type NewQuestion = Omit<Question, 'version' | 'readBy'> & { readonly key: string };
export type QuestionChange = Partial<
  Omit<Question, 'id' | 'courseId' | 'studentId' | 'messages' | 'version' | 'readBy' | 'lastAt'>
>;

export interface QuestionFilter {
  readonly courseId: string;
  readonly studentId?: string;
  readonly states?: readonly QuestionState[];
  /** Words in any form. */
  readonly words?: string;
  /** Due before this moment. */
  readonly dueBefore?: Date;
  /** A reader's own part: for these teachers, associations, or the whole course. */
  readonly visible?: Visible;
}

export interface Visible {
  readonly personId: string;
  readonly associationIds: readonly string[];
  /** Teachers whose questions are seen once they are passed on to the head of their association. */
  readonly ledTeacherIds: readonly string[];
  /** Whether questions are seen that are passed on to the deputies. */
  readonly deputy: boolean;
  /** Whether questions to those who teach the course are seen. */
  readonly course: boolean;
}

const visibleFilter = ({ personId, associationIds, ledTeacherIds, deputy, course }: Visible) => ({
  $or: [
    { 'to.kind': 'teacher', 'to.id': personId },
    { takenBy: personId },
    ...(associationIds.length > 0
      ? [{ 'to.kind': 'association', 'to.id': { $in: [...associationIds] } }]
      : []),
    ...(ledTeacherIds.length > 0
      ? [{ 'to.kind': 'teacher', 'to.id': { $in: [...ledTeacherIds] }, escalation: { $gte: 1 } }]
      : []),
    ...(deputy ? [{ escalation: { $gte: 2 } }] : []),
    ...(course ? [{ 'to.kind': 'course' }] : []),
  ],
});

function queryOf({ courseId, studentId, states, words, dueBefore, visible }: QuestionFilter): object {
  const all = [
    words === undefined ? null : searchFilter(words),
    visible === undefined ? null : visibleFilter(visible),
  ].filter((part) => part !== null);
  return {
    courseId,
    ...(studentId !== undefined && { studentId }),
    ...(states !== undefined && { state: { $in: [...states] } }),
    ...(dueBefore !== undefined && { dueAt: { $lt: dueBefore } }),
    ...(all.length > 0 && { $and: all }),
  };
}

/** A page lists no more. */
const MOST = 500;

export interface QuestionsStore {
  readonly model: AnyModel;
  /** Returns the question; where the form was sent before, the one of then. */
  insert(question: NewQuestion, event: Event): Promise<Question>;
  findOptional(courseId: string, id: string): Promise<Question | null>;
  /** Of any course, for jobs and messages. */
  findAnywhere(id: string): Promise<Question | null>;
  findByIds(ids: readonly string[]): Promise<Question[]>;
  /** The latest first; no more than 500. */
  list(filter: QuestionFilter): Promise<Question[]>;
  /** Those whose last message the person has not seen. */
  listUnread(filter: QuestionFilter, personId: string, limit: number): Promise<readonly Question[]>;
  /**
   * Writes over exactly this version, with a message where there is one.
   * Returns null when the question has another version by now.
   */
  change(
    question: Question,
    change: QuestionChange,
    added: Message | null,
    event?: Event,
  ): Promise<Question | null>;
  markRead(id: string, personId: string): Promise<void>;
  /** Waiting questions whose next step of escalation is due. */
  listToEscalate(now: Date, limit: number): Promise<Question[]>;
  /** Waiting questions of all courses that are due after `from` and by `to`. */
  listDue(from: Date, to: Date): Promise<Question[]>;
  /** Waiting questions of all courses beyond their deadline, the longest first. */
  overdue(now: Date): AsyncIterable<Question>;
  /** Whether a question of any course is to this teacher or association. */
  hasAnyTo(id: string): Promise<boolean>;
  /** Asked in a period, of all courses. */
  askedBetween(from: Date, to: Date): AsyncIterable<AskedQuestion>;
  countAskedBetween(from: Date, to: Date): Promise<number>;
}

export function createQuestionsStore(connection: Connection): QuestionsStore {
  const model = questionsModel(connection);
  const optional = (row: Found | null): Question | null => row && plain(row);
  const unread = keepReads<readonly Question[]>(connection, {
    collection: model.collection.name,
    keysOf: ({ courseId, studentId }) => [String(courseId), `${String(courseId)} ${String(studentId)}`],
    most: 500,
  });
  return {
    model: model as AnyModel,

    async insert({ id, ...question }, event) {
      const row = {
        ...question,
        ...{ _id: id, version: 1, readBy: [question.studentId] },
        searchTerms: searchTerms(...question.messages.map(({ text }) => text)),
        ...emitted(event),
      };
      try {
        const made = await model.create(row as unknown as Row);
        return plain(made.toObject());
      } catch (error) {
        const before = isDuplicateKey(error)
          ? await model.findOne({ key: question.key }).lean<Found>()
          : null;
        if (before === null) throw error;
        return plain(before);
      }
    },

    findOptional: async (courseId, id) => optional(await model.findOne({ _id: id, courseId }).lean<Found>()),
    findAnywhere: async (id) => optional(await model.findById(id).lean<Found>()),
    hasAnyTo: async (id) => (await model.exists({ 'to.id': id })) !== null,
    findByIds: async (ids) => (await model.find({ _id: { $in: ids } }).lean<Found[]>()).map(plain),

    async list(filter) {
      const rows = await model
        .find(queryOf(filter))
        .sort({ lastAt: -1, _id: -1 })
        .limit(MOST)
        .lean<Found[]>();
      return rows.map(plain);
    },

    listUnread(filter, personId, limit) {
      const read = async (): Promise<Question[]> => {
        const rows = await model
          .find({ ...queryOf(filter), readBy: { $ne: personId } })
          .sort({ lastAt: -1, _id: -1 })
          .limit(limit)
          .lean<Found[]>();
        return rows.map(plain);
      };
      const { courseId, studentId } = filter;
      return unread.get(studentId === undefined ? courseId : `${courseId} ${studentId}`, read, {
        variant: JSON.stringify([filter, personId, limit]),
      });
    },

    async change(question, change, added, event) {
      const $set = {
        ...change,
        ...(added && { lastAt: added.at, readBy: [added.authorId] }),
      };
      const update = {
        $set,
        $inc: { version: 1 },
        ...(added && { $push: { messages: added } }),
        ...(added && { $addToSet: { searchTerms: { $each: searchTerms(added.text) } } }),
      };
      const row = await model
        .findOneAndUpdate(
          { _id: question.id, version: question.version },
          event ? emitting(update, event) : update,
          { returnDocument: 'after' },
        )
        .lean<Found>();
      return optional(row);
    },

    async markRead(id, personId) {
      await model.updateOne({ _id: id }, { $addToSet: { readBy: personId } });
    },

    async listToEscalate(now, limit) {
      const rows = await model
        .find({ state: { $in: ['new', 'taken', 'reopened'] }, escalateAt: { $lte: now } })
        .limit(limit)
        .lean<Found[]>();
      return rows.map(plain);
    },

    async listDue(from, to) {
      const rows = await model
        .find({ state: { $in: ['new', 'taken', 'reopened'] }, dueAt: { $gt: from, $lte: to } })
        .sort({ dueAt: 1 })
        .lean<Found[]>();
      return rows.map(plain);
    },

    async *overdue(now) {
      const cursor = model
        .find({ state: { $in: ['new', 'taken', 'reopened'] }, dueAt: { $lt: now } })
        .sort({ dueAt: 1 })
        .lean<Found[]>()
        .cursor();
      for await (const row of cursor) yield plain(row);
    },

    askedBetween: (from, to) =>
      model
        .find({ askedAt: { $gte: from, $lt: to } })
        .select(ASKED_FIELDS.join(' '))
        .lean<AskedQuestion[]>()
        .cursor(),

    countAskedBetween: (from, to) => model.countDocuments({ askedAt: { $gte: from, $lt: to } }),
  };
}

import type { Connection } from 'mongoose';
import type { PersonalCollection } from '../../shared/personal-collections.js';
import type { PersonalData } from '../../shared/personal-data.js';
import { questionsRetention } from './retention.js';
import { draftsModel } from './drafts.store.js';
import { faqModel } from './faq/faq.store.js';
import type { Message } from './question.js';
import { questionsModel, type QuestionRow } from './questions.store.js';

const questionCollections: readonly PersonalCollection[] = [
  {
    model: 'Question',
    holds: 'who asked and answered, texts, when they were read',
    exported: { as: 'questions' },
    erasure: 'clears',
    merge: 'moves',
    retention:
      "without end, or as the administrator sets: from 1 to 5 years after the last message; an erasure deletes the person's own questions and names no author of an answer",
  },
  {
    model: 'QuestionDraft',
    holds: 'what a person has typed and not sent',
    exported: { as: 'questionDrafts' },
    erasure: 'deletes',
    merge: 'moves',
    retention: '60 days',
  },
  {
    model: 'QuestionFaq',
    holds: 'id of the person who published; the question stands without a name',
    exported: { not: 'names no student; the question is exported with its thread' },
    erasure: 'clears',
    merge: 'moves',
    retention: 'until it is taken back or its question is erased',
  },
];

/** An answer from outside the course carries a name beside the id. */
const withoutAuthor = ({ authorName: _name, ...message }: Message): Message => ({ ...message, authorId: '' });

/** What questions keep of a person: as a student, as one who answers. */
export function createQuestionsPersonalData(
  connection: Connection,
  removeFiles: (questionId: string) => Promise<void>,
): PersonalData {
  const questions = questionsModel(connection);
  const drafts = draftsModel(connection);
  const faq = faqModel(connection);
  const inCourses = (courseIds: readonly string[]) => ({ courseId: { $in: [...courseIds] } });

  return {
    collections: questionCollections,
    retention: [questionsRetention({ questions, faq, removeFiles })],

    async dataOf({ personId, courseIds }) {
      const [asked, answered, typed] = await Promise.all([
        questions.find({ ...inCourses(courseIds), studentId: personId }).lean<QuestionRow[]>(),
        questions.find({ ...inCourses(courseIds), 'messages.authorId': personId }).lean<QuestionRow[]>(),
        drafts.find({ personId }).lean(),
      ]);
      const own = asked.map(({ searchTerms: _terms, events: _events, eventsAt: _at, ...row }) => row);
      const answers = answered
        .filter(({ studentId }) => studentId !== personId)
        .map(({ _id, messages }) => ({
          _id,
          messages: messages.filter(({ authorId }) => authorId === personId),
        }));
      return { questions: [...own, ...answers], questionDrafts: typed };
    },

    holds: () => Promise.resolve([]),

    async erase({ personId, courseIds }) {
      await drafts.deleteMany({ personId });
      for (const row of await questions
        .find({ ...inCourses(courseIds), studentId: personId })
        .lean<QuestionRow[]>()) {
        const id = row._id.toString();
        await faq.deleteOne({ questionId: id });
        await removeFiles(id);
        await questions.deleteOne({ _id: row._id });
      }
      const answered = { ...inCourses(courseIds), 'messages.authorId': personId };
      for (const row of await questions.find(answered).lean<QuestionRow[]>()) {
        const messages = row.messages.map((message) =>
          message.authorId === personId ? withoutAuthor(message) : message,
        );
        await questions.updateOne(
          { _id: row._id, version: row.version },
          { $set: { messages }, $inc: { version: 1 } },
        );
      }
      await questions.updateMany({ ...inCourses(courseIds), takenBy: personId }, { $set: { takenBy: '' } });
      await questions.updateMany(
        { ...inCourses(courseIds), readBy: personId },
        { $pull: { readBy: personId } },
      );
      await faq.updateMany({ ...inCourses(courseIds), publishedBy: personId }, { $set: { publishedBy: '' } });
    },

    clashes: () => Promise.resolve([]),

    async move(from, to) {
      const { personId, courseIds } = from;
      const swap = (id: string): string => (id === personId ? to.personId : id);
      const named = {
        ...inCourses(courseIds),
        $or: [
          { studentId: personId },
          { takenBy: personId },
          { 'to.id': personId },
          { 'messages.authorId': personId },
          { readBy: personId },
        ],
      };
      for (const row of await questions.find(named).lean<QuestionRow[]>()) {
        await questions.updateOne(
          { _id: row._id, version: row.version },
          {
            $set: {
              studentId: swap(row.studentId),
              takenBy: swap(row.takenBy),
              to: { kind: row.to.kind, id: swap(row.to.id) },
              readBy: [...new Set(row.readBy.map(swap))],
              messages: row.messages.map((message) => ({ ...message, authorId: swap(message.authorId) })),
            },
            $inc: { version: 1 },
          },
        );
      }
      for (const { _id, courseId, place } of await drafts.find({ personId }).lean()) {
        const theirs = await drafts.exists({ personId: to.personId, courseId, place });
        if (theirs === null) await drafts.updateOne({ _id }, { $set: { personId: to.personId } });
        else await drafts.deleteOne({ _id });
      }
      await faq.updateMany(
        { ...inCourses(courseIds), publishedBy: personId },
        { $set: { publishedBy: to.personId } },
      );
    },
  };
}

import type { Connection } from 'mongoose';
import type { PersonalCollection } from '../../shared/personal-collections.js';
import type { PersonalData, PersonRef } from '../../shared/personal-data.js';
import { isDuplicateKey } from '../../storage/index.js';
import { testMessagesModel } from './messages/messages.store.js';
import { regradeModel } from './regrading/regrades.store.js';

const OF_THE_COURSE = { not: 'tests and questions belong to the course' };

const assessmentCollections: readonly PersonalCollection[] = [
  {
    model: 'TestAttempt',
    holds: 'responses, marks and times; ids of those who marked by hand',
    exported: { as: 'testAttempts' },
    erasure: 'deletes',
    merge: 'moves',
    retention: 'until erasure',
  },
  {
    model: 'TestResultsSeen',
    holds: 'when a teacher last looked at the results of a test',
    exported: { as: 'testResultsSeen' },
    erasure: 'deletes',
    merge: 'moves',
    retention: 'until erasure',
  },
  {
    model: 'TestMessage',
    holds: 'who wrote to whom about a test, and the text',
    exported: { as: 'testMessages' },
    erasure: 'clears',
    merge: 'moves',
    retention: 'without end; an erasure removes the person from those written to, and the texts they wrote',
  },
  {
    model: 'TestRegrade',
    holds: 'id of the teacher who asked for the last regrade of a test; ids of attempts whose marks change',
    exported: OF_THE_COURSE,
    erasure: 'clears',
    merge: 'moves',
    retention: 'until the next regrade of the test',
  },
  {
    model: 'TestOverride',
    holds: 'other dates, time and attempts for a student; id of the teacher who set them',
    exported: { as: 'testOverrides' },
    erasure: 'deletes',
    merge: 'moves',
    retention: 'until the teacher removes them or erasure',
  },
  {
    model: 'Test',
    holds: 'id of the author',
    exported: OF_THE_COURSE,
    erasure: 'clears',
    merge: 'moves',
    retention: 'until the test is removed',
  },
  {
    model: 'QuestionImport',
    holds: 'id of the teacher who imported questions',
    exported: OF_THE_COURSE,
    erasure: 'clears',
    merge: 'moves',
    retention: '30 days',
  },
  {
    model: 'TestQuestion',
    holds: 'id of the author of each version',
    exported: OF_THE_COURSE,
    erasure: 'clears',
    merge: 'moves',
    retention: 'without end: attempts refer to versions',
  },
  {
    model: 'QuestionShare',
    holds: 'id of the teacher who shared a question',
    exported: OF_THE_COURSE,
    erasure: 'deletes',
    merge: 'moves',
    retention: 'until sharing ends',
  },
];

interface ShareRow {
  by: string;
}

interface OverrideRow {
  courseId: string;
  testId: string;
  subject: string;
}

interface MarkedRow {
  _id: unknown;
  markVersion: number;
  marks: { personId?: string; second?: { personId: string }; replaced?: { personId?: string } }[];
  markChanges?: { personId?: string }[];
}

interface AttemptRow {
  courseId: string;
  testId: string;
  personId: string;
}

/** What tests keep of a person: their attempts, and which results they have looked at. */
export function createAssessmentsPersonalData(connection: Connection): PersonalData {
  const attempts = connection.model<AttemptRow>('TestAttempt');
  const visits = connection.model<AttemptRow>('TestResultsSeen');
  const tests = connection.model<{ title: string }>('Test');
  const overrides = connection.model<OverrideRow>('TestOverride');
  const questions = connection.model<{ createdBy: string }>('TestQuestion');
  const messages = testMessagesModel(connection);
  const imports = connection.model<{ createdBy: string }>('QuestionImport');
  const regrades = regradeModel(connection);
  const shares = connection.model<ShareRow>('QuestionShare');

  const own = ({ personId, courseIds }: PersonRef) => ({ courseId: { $in: [...courseIds] }, personId });
  const testsOf = async (person: PersonRef): Promise<string[]> =>
    (await attempts.find(own(person)).select({ testId: 1 }).lean<AttemptRow[]>()).map(({ testId }) => testId);

  const subjectOf = ({ personId, courseIds }: PersonRef) => ({
    courseId: { $in: [...courseIds] },
    subject: `p:${personId}`,
  });

  /** Marks that the person gave name another, or nobody. */
  async function renameMarker(from: string, to: string): Promise<void> {
    const renamed = <T extends { personId?: string }>(entries: readonly T[] = []): T[] =>
      entries.map((entry) => (entry.personId === from ? { ...entry, personId: to } : entry));
    const found = await attempts
      .find({
        $or: [
          { 'marks.personId': from },
          { 'marks.second.personId': from },
          { 'marks.replaced.personId': from },
        ],
      })
      .lean<MarkedRow[]>();
    for (const { _id, markVersion, marks, markChanges } of found) {
      const seconds = marks.map(({ second, replaced, ...mark }) => ({
        ...mark,
        ...(second && { second: renamed([second])[0] }),
        ...(replaced && { replaced: renamed([replaced])[0] }),
      }));
      await attempts.updateOne(
        { _id, markVersion },
        { $set: { marks: renamed(seconds), ...(markChanges && { markChanges: renamed(markChanges) }) } },
      );
    }
  }

  return {
    collections: assessmentCollections,

    async dataOf(person) {
      const [made, looked, other] = await Promise.all([
        attempts.find(own(person)).lean<AttemptRow[]>(),
        visits.find(own(person)).lean<AttemptRow[]>(),
        overrides.find(subjectOf(person)).lean<OverrideRow[]>(),
      ]);
      const written = await messages
        .find({ $or: [{ personIds: person.personId }, { by: person.personId }] })
        .select({ personIds: 0, key: 0 })
        .lean();
      return { testAttempts: made, testResultsSeen: looked, testOverrides: other, testMessages: written };
    },

    holds: () => Promise.resolve([]),

    async erase(person) {
      await attempts.deleteMany(own(person));
      await attempts.updateMany({ 'removed.by': person.personId }, { $set: { 'removed.by': '' } });
      await visits.deleteMany(own(person));
      await overrides.deleteMany(subjectOf(person));
      await renameMarker(person.personId, '');
      await messages.updateMany({ by: person.personId }, { $set: { text: '' } });
      await messages.updateMany({ personIds: person.personId }, { $pull: { personIds: person.personId } });
      await shares.updateMany({ by: person.personId }, { $set: { by: '' } });
      await regrades.updateMany({ askedBy: person.personId }, { $set: { askedBy: '' } });
    },

    async clashes(from, to) {
      const theirs = new Set(await testsOf(to));
      const both = [...new Set(await testsOf(from))].filter((testId) => theirs.has(testId));
      const found = await tests.find({ _id: { $in: both } }).lean<{ title: string }[]>();
      return found.map(({ title }) => ({ what: 'test', name: title }));
    },

    async move(from, to) {
      await attempts.updateMany(own(from), { $set: { personId: to.personId } });
      await attempts.updateMany({ 'removed.by': from.personId }, { $set: { 'removed.by': to.personId } });
      await renameMarker(from.personId, to.personId);
      await messages.updateMany({ by: from.personId }, { $set: { by: to.personId } });
      const received = { personIds: from.personId };
      await messages.updateMany(received, { $addToSet: { personIds: to.personId } });
      await messages.updateMany(received, { $pull: { personIds: from.personId } });
      await shares.updateMany({ by: from.personId }, { $set: { by: to.personId } });
      await regrades.updateMany({ askedBy: from.personId }, { $set: { askedBy: to.personId } });
      for (const { courseId, testId } of await overrides.find(subjectOf(from)).lean<OverrideRow[]>()) {
        try {
          const of = { courseId, testId, subject: `p:${from.personId}` };
          await overrides.updateOne(of, { $set: { subject: `p:${to.personId}` } });
        } catch (error) {
          // The target has terms of their own.
          if (!isDuplicateKey(error)) throw error;
          await overrides.deleteOne({ courseId, testId, subject: `p:${from.personId}` });
        }
      }
      const written = { courseId: { $in: [...from.courseIds] }, createdBy: from.personId };
      await tests.updateMany(written, { $set: { createdBy: to.personId } });
      await questions.updateMany(written, { $set: { createdBy: to.personId } });
      await imports.updateMany(written, { $set: { createdBy: to.personId } });
      for (const { courseId, testId } of await visits.find(own(from)).lean<AttemptRow[]>()) {
        const visit = { courseId, testId, personId: from.personId };
        try {
          await visits.updateOne(visit, { $set: { personId: to.personId } });
        } catch (error) {
          if (!isDuplicateKey(error)) throw error;
          await visits.deleteOne(visit);
        }
      }
    },
  };
}

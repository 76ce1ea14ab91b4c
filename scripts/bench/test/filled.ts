/** A test that thousands have finished. */
import path from 'node:path';
import { Types, type mongo } from 'mongoose';
import { createAttemptsStore } from '../../../src/features/assessments/attempts/attempts.store.js';
import { createQuestionsStore } from '../../../src/features/assessments/bank/questions.store.js';
import { createTestsStore, type Test } from '../../../src/features/assessments/tests/tests.store.js';
import { systemClock } from '../../../src/shared/clock.js';
import { openStorage } from '../../../src/storage/index.js';
import { makeTest, openCentre, type Centre } from './data.js';

export const ATTEMPTS = Number(process.env.ATTEMPTS ?? 5_000);
export const QUESTIONS = 50;

export async function testOf({ app, teacher }: Centre, testId: string): Promise<Test> {
  const test = (await app.features.assessments.tests.list(teacher)).find(({ id }) => id === testId);
  if (test === undefined) throw new Error(`no test ${testId}`);
  return test;
}

/** Finished attempts, one of each student, straight into the collection. */
async function fill(centre: Centre, testId: string, count: number): Promise<void> {
  const { storage, app, teacher } = centre;
  const { connection } = storage;
  const placed = await app.features.assessments.tests.placed(await testOf(centre, testId));
  const versions = placed.map(({ question: version }) => version);
  const attempts = connection.collection('test_attempts') as unknown as mongo.Collection;
  const people = connection.collection('people') as unknown as mongo.Collection;
  const memberships = connection.collection('memberships') as unknown as mongo.Collection;
  const at = new Date(Date.now() - 3_600_000);
  for (let from = 0; from < count; from += 250) {
    const batch = Array.from({ length: Math.min(250, count - from) }, (_, place) => {
      const n = from + place;
      const personId = new Types.ObjectId();
      const strength = ((n * 7919) % 1000) / 1000;
      const marks = versions.map((_version, index) => {
        const fraction = ((n * 31 + index * 17) % 100) / 100 < (strength + index / 100) / 1.5 ? 1 : 0;
        return { fraction, score: fraction, by: 'auto', at, why: '', version: 1 };
      });
      return { n, personId, marks };
    });
    await people.insertMany(
      batch.map(({ n, personId }) => ({
        _id: personId,
        registrationId: teacher.registrationId,
        sub: `s${testId}${n}`,
        name: { surname: `Студент${n}`, givenName: 'Иван', patronymic: 'Иванович' },
        email: '',
        words: [`студент${n}`, 'иван', 'иванович'],
        createdAt: at,
      })),
    );
    await memberships.insertMany(
      batch.map(({ personId }) => ({
        courseId: teacher.courseId,
        personId: personId.toString(),
        role: 'student',
        groups: [],
        leftAt: null,
        seenAt: at,
      })),
    );
    await attempts.insertMany(
      batch.map(({ n, personId, marks }) => ({
        courseId: teacher.courseId,
        testId,
        personId: personId.toString(),
        number: 1,
        state: 'marked',
        open: false,
        startedAt: new Date(at.getTime() - 1_200_000),
        questions: versions.map(({ id, key }) => ({ versionId: id, key, mark: 1, order: [0, 1, 2, 3] })),
        answers: versions.map((_version, index) => ({
          response: index % 2 === 0 ? (n + index) % 4 : `слово ${(n + index) % 7}`,
          revision: 1,
          saveId: `save-${n}-${index}`,
          savedAt: at,
        })),
        revision: versions.length,
        finishedAt: new Date(at.getTime() + n),
        finishedBy: 'student',
        marks,
        markVersion: 1,
        score: marks.reduce((sum, { score }) => sum + score, 0),
        maximum: versions.length,
      })),
    );
  }
}

/** A centre whose students have all finished a test of 50 questions. */
export async function centreWith(
  folder: string,
  name: string,
  count: number,
  { origin, issuer } = { origin: 'http://localhost:1', issuer: 'https://lms.example.org' },
) {
  const url = `file:${path.join(folder, `${name}.db`)}`;
  const centre = await openCentre(url, origin, issuer);
  const testId = await makeTest(centre, 'Контрольная', QUESTIONS);
  await fill(centre, testId, count);
  return { url, centre, testId };
}

/** The stores alone, on a connection of their own. */
export async function storesOf(url: string) {
  const storage = await openStorage({ url, clock: systemClock });
  return {
    storage,
    tests: createTestsStore(storage.connection),
    attempts: createAttemptsStore(storage.connection),
    questions: createQuestionsStore(storage.connection),
  };
}

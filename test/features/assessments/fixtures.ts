import { expect } from 'chai';
import type { Actor } from '../../../src/shared/actor.js';
import { launchLink } from '../../support/lms.js';
import { Visitor, type TestApp } from '../../support/test-app.js';

/** What tests of tests do again and again. */

type Fields = Readonly<Record<string, unknown>>;

interface Question {
  readonly number: number;
  readonly key: string;
  readonly text: string;
  readonly mark: number;
  readonly revision: number;
  readonly options?: readonly { readonly value: string; readonly text: string; readonly chosen: boolean }[];
  readonly given?: string;
  readonly answerResult: string | null;
  readonly score: number | null;
}
interface Attempt {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly finishedBy: string | null;
  readonly score: number | null;
  readonly maximum: number;
  readonly left: number | null;
  readonly counts: boolean;
}
interface Test {
  readonly id: string;
  readonly title: string;
  readonly state: string;
  readonly standing: string;
  readonly opensAt: string | null;
  readonly maximum: number;
  readonly questions: number;
  readonly newResults: number;
}
interface Student {
  readonly personId: string;
  readonly name: string;
  readonly grade: { readonly scoreGiven: number } | null;
  readonly attempts: readonly Attempt[];
}

/** What pages of this room answer in JSON; each has some of it. */
export interface Data {
  readonly test: Test;
  readonly tests: readonly Test[];
  readonly attempt: Attempt;
  readonly attempts: readonly Attempt[];
  readonly attemptsLeft: number | null;
  readonly questions: readonly Question[];
  readonly students: readonly Student[];
  readonly student: Student;
  readonly grade: object | null;
  readonly deliveries: readonly { readonly state: string; readonly scoreGiven: number }[];
  readonly standing: string;
  readonly mean: number | null;
  readonly finished: number;
  readonly revision: number;
  readonly left: number | null;
  readonly code: string;
  readonly detail: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data;
}

/** Asks as a program would. */
export const ask = async (
  visitor: Visitor,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answered> => await visitor.json(method, path, body);

/** Right: Москва. */
export const CAPITAL = {
  type: 'single',
  text: 'Столица России?',
  option: ['Минск', 'Москва', 'Омск'],
  right: '1',
  mark: '2',
  feedback: 'Столица с 1918 года',
};
/** Right: 2, 3. */
export const PRIMES = {
  type: 'multiple',
  text: 'Какие числа простые?',
  option: ['2', '3', '4', '6'],
  right: ['0', '1'],
  mark: '4',
};
export const TSAR = { type: 'short', text: 'Кто основал Санкт-Петербург?', accepted: 'Пётр*', mark: '1' };
export const PI = {
  type: 'numerical',
  text: 'Число π до сотых?',
  value: '3,14',
  tolerance: '0,005',
  mark: '3',
};
export const ALL = [CAPITAL, PRIMES, TSAR, PI];

/** Everything of the questions above that tells what is right, and nothing that a student may see. */
export const KEYS = [/"right"/, /rightOption/, /accepted/, /Пётр/, /3[.,]14/, /0[.,]005/, /1918/];

/** The id that a 303 to `…/tests/<id>` or `…/attempts/<id>` ends in. */
export const idIn = ({ headers }: { headers: Headers }, folder: 'tests' | 'attempts'): string =>
  new RegExp(`/${folder}/([0-9a-f]{24})`).exec(headers.get('location') ?? '')?.[1] ?? '';

/** Makes a test as a teacher and publishes it. @returns its id */
export async function makeTest(
  teacher: Visitor,
  settings: Fields = {},
  questions: readonly Fields[] = ALL,
): Promise<string> {
  const { state, ...rest } = settings;
  const made = await ask(teacher, 'POST', 'tests', { title: 'Контрольная', ...rest });
  expect(made.status, JSON.stringify(made.data)).to.equal(303);
  const id = idIn(made, 'tests');
  for (const question of questions) {
    const added = await ask(teacher, 'POST', `tests/${id}/questions`, question);
    expect(added.status, JSON.stringify(added.data)).to.equal(303);
  }
  if (state !== 'draft') {
    expect((await ask(teacher, 'POST', `tests/${id}/publish`)).status).to.equal(303);
  }
  return id;
}

/** Starts an attempt. @returns its path below the course */
export async function begin(student: Visitor, test: string): Promise<string> {
  const started = await ask(student, 'POST', `tests/${test}/attempts`);
  expect(started.status, JSON.stringify(started.data)).to.equal(303);
  return `tests/${test}/attempts/${idIn(started, 'attempts')}`;
}

let saves = 0;

/** Saves one answer as the page's script does. */
export const answer = (
  student: Visitor,
  attempt: string,
  number: number,
  response: string | readonly string[],
  revision = 0,
  save = `save-${String((saves += 1)).padStart(8, '0')}`,
): Promise<Answered> => ask(student, 'PUT', `${attempt}/answers/${number}`, { response, revision, save });

export async function paperOf(student: Visitor, attempt: string): Promise<Data> {
  const reply = await ask(student, 'GET', attempt);
  expect(reply.status).to.equal(200);
  return reply.data;
}

/** The values that a page sends for these texts of a question. */
export function valuesOf(
  paper: Data,
  text: string,
  chosen: readonly string[],
): { n: number; values: string[] } {
  const question = paper.questions.find((question) => question.text === text);
  if (question === undefined) throw new Error(`no question ${text}`);
  const values =
    question.options === undefined
      ? [...chosen]
      : chosen.map((item) => question.options?.find((option) => option.text === item)?.value ?? 'none');
  return { n: question.number, values };
}

/** Answers the questions with these texts: question → texts chosen or typed. */
export async function answerAll(
  student: Visitor,
  attempt: string,
  chosen: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const paper = await paperOf(student, attempt);
  for (const [text, texts] of Object.entries(chosen)) {
    const { n, values } = valuesOf(paper, text, texts);
    const revision = paper.questions[n - 1]?.revision ?? 0;
    const saved = await answer(student, attempt, n, values, revision);
    expect(saved.status, JSON.stringify(saved.data)).to.equal(200);
  }
}

/** Everything right but for half of the multiple choice: 2 + 2 + 1 + 3 = 8 of 10. */
export const EIGHT = {
  [CAPITAL.text]: ['Москва'],
  [PRIMES.text]: ['2'],
  [TSAR.text]: ['петр первый'],
  [PI.text]: ['3.14'],
};

/** Takes a test from start to finish. @returns the attempt's path */
export async function take(
  student: Visitor,
  test: string,
  chosen: Readonly<Record<string, readonly string[]>> = EIGHT,
): Promise<string> {
  const attempt = await begin(student, test);
  await answerAll(student, attempt, chosen);
  expect((await ask(student, 'POST', `${attempt}/finish`)).status).to.equal(303);
  return attempt;
}

/** Comes in as an assistant, for whom Moodle has no role of its own. */
export async function comeAsAssistant(testApp: TestApp, person: string, course: string): Promise<Visitor> {
  const roles = 'https://purl.imsglobal.org/spec/lti/claim/roles';
  const vocabulary = 'http://purl.imsglobal.org/vocab/lis/v2';
  const { browser, response } = await launchLink(testApp.lms, {
    person,
    course,
    forge: ({ claims }) => ({
      ...claims,
      [roles]: [
        `${vocabulary}/membership/Instructor#TeachingAssistant`,
        `${vocabulary}/membership#Instructor`,
      ],
    }),
  });
  const key = /^\/c\/([a-z0-9]+)\//.exec(new URL(response.url).pathname)?.[1] ?? '';
  return new Visitor(testApp.origin, browser, key, response);
}

/** Student 101 in course 2, for calls past HTTP. */
export async function studentActor(testApp: TestApp): Promise<Actor> {
  const { courses, people } = testApp.app.features.membership;
  const registrationId = testApp.registration.id;
  const course = await courses.upsert({
    registrationId,
    deploymentId: testApp.lms.control.tools()[0]?.deploymentId ?? '',
    contextId: '2',
    title: '',
  });
  const name = { surname: 'Абрамов', givenName: 'Артём', patronymic: 'Денисович' };
  const person = await people.upsertFromLaunch({ registrationId, sub: '101', name, email: '' });
  return {
    personId: person.id,
    registrationId,
    courseId: course.id,
    courseKey: course.key,
    courseTitle: course.title,
    role: 'student',
    name,
  };
}

/** A regrade as its page tells of it. */
export interface RegradePage {
  readonly state: string;
  readonly done: number;
  readonly total: number;
  readonly changed: number;
  readonly underWay: number;
  readonly changes: readonly {
    readonly name: string;
    readonly from: number;
    readonly to: number;
    readonly maximum: number;
    readonly passes: boolean | null;
  }[];
}

export const regradeOf = async (teacher: Visitor, test: string): Promise<RegradePage> =>
  (await ask(teacher, 'GET', `tests/${test}/regrade`)).data as unknown as RegradePage;

/** What a regrade would change now. */
export async function planned({ app }: TestApp, teacher: Visitor, test: string): Promise<RegradePage> {
  expect((await ask(teacher, 'POST', `tests/${test}/regrade/plan`)).status).to.equal(303);
  await app.jobs.drain();
  return await regradeOf(teacher, test);
}

/** Plans a regrade and carries it out. */
export async function carryOut(testApp: TestApp, teacher: Visitor, test: string): Promise<void> {
  await planned(testApp, teacher, test);
  const reason = { why: 'Ошибка в ключе' };
  expect((await ask(teacher, 'POST', `tests/${test}/regrade`, reason)).status).to.equal(303);
  await testApp.app.jobs.drain();
  expect((await regradeOf(teacher, test)).state).to.equal('done');
}

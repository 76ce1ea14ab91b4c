import type { Browser } from '../demo-lms/browser.js';
import { gradesOf, openActivity, required, takeTest, TEST, waitForGrade, type FirstAct } from './play.js';
import { expectOk } from './stage.js';
import { json, submitPage } from './walk.js';

const POINTS = 2;
const MAXIMUM_THEN = 10;
/** 7 of 8, on the scale of a column of 10. */
const FIRST_SCORE = 8.75;
const NEXT_SCORE = 7;

/**
 * What people do afterwards: a test is changed when there are grades, its column is deleted in the LMS's gradebook, two
 * frames are opened at one moment, and the course is copied.
 * @throws Error at the first thing that is not as it must be
 */
export async function playSecondAct(act: FirstAct): Promise<void> {
  const { tell, coursePage, teacher, student, next } = act;
  const before = await gradesOf(teacher.browser, coursePage, next.surname);
  await addQuestion(teacher.browser, coursePage);
  tell(`${teacher.surname} adds a question of ${POINTS} points to «${TEST}», after the first grade.`);
  const after = await gradesOf(teacher.browser, coursePage, next.surname);
  if (after !== before) throw new Error(`the gradebook of ${next.surname} was changed: ${before} → ${after}`);
  tell(`The grades of the others in the gradebook are as they were: ${next.surname} has none.`);

  await deleteColumn(teacher.browser, coursePage);
  tell(`${teacher.surname} deletes the column of «${TEST}» in the LMS's gradebook.`);
  const phone = await act.stage.enter(next.id);
  const result = await takeTest(phone, coursePage, MAXIMUM_THEN);
  tell(`${next.surname} takes the test: ${result}.`);
  await waitForGrade(teacher.browser, coursePage, next.surname, NEXT_SCORE);
  await waitForGrade(teacher.browser, coursePage, student.surname, FIRST_SCORE);
  tell(`A new column holds both grades: ${student.surname} ${FIRST_SCORE}, ${next.surname} ${NEXT_SCORE}.`);
  const home = await openActivity(teacher.browser, coursePage, /Наставник/);
  const page = expectOk(await teacher.browser.get(`${home.url}grades`, { from: act.stage.tool }));
  const words = page.text.replace(/\s+/g, ' ');
  if (!/«Квадратные уравнения» удалили|“Квадратные уравнения” was removed/.test(words)) {
    throw new Error('the teacher is not told of the deleted column');
  }
  tell(`The tool tells ${teacher.surname} that the column was deleted and another is used.`);
  await twoFrames(act, phone);
  await copiedCourse(act, phone);
}

/** A page of an LMS may show several activities at once: each launches by itself, and none ends another's session. */
async function twoFrames({ tell, stage, coursePage, next }: FirstAct, phone: Browser): Promise<void> {
  const frames = await Promise.all([
    openActivity(phone, coursePage, new RegExp(TEST)),
    openActivity(phone, coursePage, /Наставник/),
  ]);
  for (const { url } of frames) expectOk(await phone.get(url, { from: stage.tool }));
  tell(`${next.surname} opens «${TEST}» and «Наставник» in two frames at one moment: both work.`);
}

/** The copy of a course gets a copy of the test, without attempts, and a column of its own. */
async function copiedCourse(
  { tell, stage, coursePage, teacher, next }: FirstAct,
  phone: Browser,
): Promise<void> {
  const { browser } = teacher;
  const copy = expectOk(await browser.post(`${coursePage}/copy`, { students: '1' }, { from: stage.lms }));
  const [original, copied] = await Promise.all([
    openActivity(browser, coursePage, /Наставник/),
    openActivity(browser, copy.url, new RegExp(TEST)),
  ]);
  const [keyThen, keyNow] = [original, copied].map(({ url }) => new URL(url).pathname.split('/')[2]);
  if (keyThen === keyNow) throw new Error('the copied course is the original one');
  for (const { url } of [original, copied]) expectOk(await browser.get(url, { from: stage.tool }));
  tell(`${teacher.surname} copies the course, and opens both courses in two frames at one moment.`);
  const before = await gradesOf(browser, coursePage, next.surname);
  const result = await takeTest(phone, copy.url, MAXIMUM_THEN);
  await waitForGrade(browser, copy.url, next.surname, NEXT_SCORE);
  const after = await gradesOf(browser, coursePage, next.surname);
  if (after !== before) throw new Error(`a grade in the copy changed the original: ${before} → ${after}`);
  tell(`${next.surname} takes the copied test: ${result}. The grade is in the copy's gradebook alone.`);
}

async function addQuestion(browser: Browser, coursePage: string): Promise<void> {
  const home = await openActivity(browser, coursePage, /Наставник/);
  const { tests } = (await json(browser, `${home.url}tests`)) as {
    tests: readonly { id: string; title: string }[];
  };
  const { id } = required(
    tests.find(({ title }) => title === TEST),
    `test «${TEST}»`,
  );
  const { origin, pathname } = new URL(home.url);
  const form = expectOk(
    await browser.get(`${home.url}tests/${id}/questions/new?type=short`, { from: origin }),
  );
  expectOk(
    await submitPage(browser, form, `${pathname}tests/${id}/questions`, [
      ['text', 'Как называется график квадратичной функции?'],
      ['accepted', 'парабола'],
      ['mark', String(POINTS)],
    ]),
  );
}

async function deleteColumn(browser: Browser, coursePage: string): Promise<void> {
  const page = expectOk(await browser.get(`${coursePage}/grades`));
  const heading = [...page.text.matchAll(/<th[\s\S]*?<\/th>/g)].find(([text]) => text.includes(TEST))?.[0];
  const action = /action="([^"]*\/remove)"/.exec(required(heading, `column «${TEST}»`))?.[1];
  const { href } = new URL(required(action, 'button that deletes it'), page.url);
  expectOk(await browser.post(href, {}, { from: new URL(page.url).origin }));
}

import { courses, students, teachers } from '../demo-lms/centre.js';
import type { Browser, BrowserResponse } from '../demo-lms/browser.js';
import { expectOk, type Stage } from './stage.js';
import { framed, json, passOn, submitPage } from './walk.js';

/** Questions of the seeded test by how they begin → what the student answers; one of them is wrong. */
const ANSWERS: readonly (readonly [RegExp, string | readonly string[]])[] = [
  [/^Сколько корней/, 'Один'],
  [/^Найдите дискриминант/, '25'],
  [/^Какие из чисел/, ['3', '−2']],
  [/^Как называется теорема/, 'теорема Пифагора'],
  [/^Больший корень/, '2,24'],
];
export const TEST = 'Квадратные уравнения';
const SCORE = 7;
const MAXIMUM = 8;

interface Picker {
  readonly shelves: readonly {
    readonly kind: string;
    readonly items: readonly {
      readonly ref: string;
      readonly title: string;
      readonly scoreMaximum: number | null;
    }[];
  }[];
}

interface Questions {
  readonly questions: readonly {
    readonly field: string;
    readonly text: string;
    readonly options?: readonly { readonly value: string; readonly text: string }[];
  }[];
}

/** Who, what, what came back. */
type Tell = (line: string) => void;

/** What the first act leaves to the second. */
export interface FirstAct {
  readonly stage: Stage;
  readonly tell: Tell;
  readonly coursePage: string;
  readonly teacher: { readonly surname: string; readonly browser: Browser };
  readonly student: { readonly surname: string };
  /** Another student of the course. */
  readonly next: { readonly id: string; readonly surname: string };
}

/**
 * A teacher places a test, consultations and the directory into the course; a student books a consultation
 * and takes the test; the grade reaches the LMS's gradebook; anybody opens the directory.
 * @throws Error at the first thing that is not as it must be
 */
export async function playStory(stage: Stage, tell: Tell): Promise<FirstAct> {
  const course = required(courses[0], 'course');
  const teacher = required(
    teachers.find(({ id }) => course.teacherIds.includes(id)),
    'teacher',
  );
  const [first, second] = students.filter(({ id }) => course.studentIds.includes(id));
  const student = required(first, 'student');
  const coursePage = `${stage.lms}/courses/${course.id}`;

  const teacherBrowser = await stage.enter(teacher.id);
  tell(`${teacher.surname} (teacher) signs in to the LMS and opens «${course.title}».`);
  const placed = await place(teacherBrowser, coursePage);
  tell(`${teacher.surname} adds activities by Deep Linking: ${placed.join('; ')}.`);

  const phone = await stage.enter(student.id);
  const booked = await book(stage, phone, coursePage);
  tell(`${student.surname} (student) opens the consultations in the course and books: ${booked}.`);

  const result = await takeTest(phone, coursePage);
  tell(`${student.surname} takes the test «${TEST}»: ${result}.`);

  await waitForGrade(teacherBrowser, coursePage, student.surname, SCORE);
  const grade = `${SCORE} of ${MAXIMUM}`;
  tell(`${teacher.surname} reads in the LMS's gradebook: ${student.surname}, «${TEST}», ${grade}.`);

  const seen = await readDirectory(stage);
  tell(`Anybody, without a login, opens the directory: ${seen}.`);
  return {
    ...{ stage, tell, coursePage, student },
    teacher: { surname: teacher.surname, browser: teacherBrowser },
    next: required(second, 'second student'),
  };
}

/** Deep Linking: a test, a consultation series and the directory at once. @returns their titles */
async function place(teacherBrowser: Browser, coursePage: string): Promise<string[]> {
  const adding = expectOk(await teacherBrowser.get(`${coursePage}/add?tool=1`));
  const picker = expectOk(await framed(teacherBrowser, adding));
  const offer = (await json(teacherBrowser, picker.url)) as Picker;
  const chosen = ['test', 'consultations', 'directory'].map((kind) => {
    const items = offer.shelves.find((shelf) => shelf.kind === kind)?.items ?? [];
    return required(
      kind === 'test' ? items.find(({ title }) => title === TEST) : items[0],
      `${kind} to place`,
    );
  });
  const answer = expectOk(
    await submitPage(
      teacherBrowser,
      picker,
      new URL(picker.url).pathname,
      chosen.map(({ ref }) => ['chosen', ref]),
    ),
  );
  const form = required(
    answer.forms.find(({ fields }) => 'JWT' in fields),
    'answer to the LMS',
  );
  expectOk(await passOn(teacherBrowser, await teacherBrowser.submit(answer, form)));
  const page = expectOk(await teacherBrowser.get(coursePage));
  for (const { title } of chosen)
    if (!page.text.includes(title)) throw new Error(`«${title}» is not in the course`);
  return chosen.map(({ title, scoreMaximum }) =>
    scoreMaximum === null ? `«${title}»` : `«${title}» (${scoreMaximum} points)`,
  );
}

/** Opens an activity of the LMS course in its frame. @returns the tool's page */
export async function openActivity(
  browser: Browser,
  coursePage: string,
  title: RegExp,
): Promise<BrowserResponse> {
  const page = expectOk(await browser.get(coursePage));
  const link = [...page.text.matchAll(/<a href="([^"]*\/activities\/\d+)"[^>]*>([\s\S]*?)<\/a>/g)].find(
    ([, , words]) => title.test(words ?? ''),
  )?.[1];
  const activity = expectOk(
    await browser.get(new URL(required(link, `activity ${title.source}`), page.url).href),
  );
  return expectOk(await framed(browser, activity));
}

async function book(stage: Stage, phone: Browser, coursePage: string): Promise<string> {
  const home = await openActivity(phone, coursePage, /Наставник/);
  const own = async () => {
    const { upcoming } = (await json(phone, `${home.url}consultations`)) as {
      upcoming: readonly { title: string; slotId: string }[];
    };
    return upcoming;
  };
  const before = new Set((await own()).map(({ slotId }) => slotId));
  const list = expectOk(await phone.get(`${home.url}consultations`, { from: stage.tool }));
  const slots = [...list.text.matchAll(/href="([^"]*\/consultations\/slots\/[0-9a-f]{24})"/g)];
  const done = await bookFirst(
    phone,
    slots.map(([, path = '']) => new URL(path, list.url)),
  );
  const said = required(/role="status"[^>]*>([^<]+)</.exec(done.text)?.[1], 'word of the booking');
  const booked = (await own()).filter(({ slotId }) => !before.has(slotId));
  if (booked.length !== 1) throw new Error(`${booked.length} consultations were booked, not 1`);
  return `«${required(booked[0], 'booking').title}», the tool says «${said.trim()}»`;
}

/** Books the first of these consultations that is open to this student. */
async function bookFirst(phone: Browser, slots: readonly URL[]): Promise<BrowserResponse> {
  for (const { href, origin, pathname } of slots) {
    const page = expectOk(await phone.get(href, { from: origin }));
    if (!page.forms.some(({ action }) => action.endsWith('/bookings'))) continue;
    const question: [string, string] = ['question', 'Когда корней два?'];
    return expectOk(await submitPage(phone, page, `${pathname}/bookings`, [question]));
  }
  throw new Error('there is no free consultation');
}

export async function takeTest(phone: Browser, coursePage: string, maximum = MAXIMUM): Promise<string> {
  const start = await openActivity(phone, coursePage, new RegExp(TEST));
  const begin = required(
    start.forms.find(({ action }) => action.endsWith('/attempts')),
    'button that starts the test',
  );
  const attempt = expectOk(await phone.submit(start, begin));
  const { questions } = (await json(phone, attempt.url)) as Questions;
  // A question that was added later stays without an answer.
  const known = questions.filter(({ text }) => ANSWERS.some(([question]) => question.test(text)));
  const answers = known.flatMap(({ field, text, options }) => {
    const answer = required(ANSWERS.find(([question]) => question.test(text))?.[1], `answer to «${text}»`);
    return (typeof answer === 'string' ? [answer] : answer).map((words): [string, string] => [
      field,
      options === undefined
        ? words
        : required(
            options.find((option) => option.text === words),
            words,
          ).value,
    ]);
  });
  const result = expectOk(
    await submitPage(phone, attempt, `${new URL(attempt.url).pathname}/finish`, answers),
  );
  const { attempt: finished } = (await json(phone, result.url)) as {
    attempt: { score: number; maximum: number };
  };
  if (known.length < ANSWERS.length || finished.score !== SCORE || finished.maximum !== maximum) {
    throw new Error(`the test gave ${finished.score} of ${finished.maximum}, not ${SCORE} of ${maximum}`);
  }
  return `${finished.score} of ${finished.maximum}`;
}

/** What the LMS's gradebook shows of a student, in one line. */
export async function gradesOf(browser: Browser, coursePage: string, surname: string): Promise<string> {
  const page = expectOk(await browser.get(`${coursePage}/grades`));
  const row =
    [...page.text.matchAll(/<tr[\s\S]*?<\/tr>/g)].find(([text]) => text.includes(surname))?.[0] ?? '';
  return row.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}

/** The gradebook is asked until the grade is there; half a minute is more than the sender ever needs. */
export async function waitForGrade(
  browser: Browser,
  coursePage: string,
  surname: string,
  score: number,
): Promise<void> {
  const shown = String(score).replace('.', '[,.]');
  const deadline = Date.now() + 30_000;
  for (;;) {
    const words = await gradesOf(browser, coursePage, surname);
    if (new RegExp(`(^|\\s)${shown}([,.]00?)?(\\s|$)`).test(words)) return;
    if (Date.now() > deadline) throw new Error(`no grade in the gradebook: ${words}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function readDirectory(stage: Stage): Promise<string> {
  const response = await fetch(`${stage.tool}/teachers`, { headers: { accept: 'application/json' } });
  const { total } = (await response.json()) as { total: number };
  if (response.status !== 200 || total < teachers.length)
    throw new Error(`the directory: ${response.status}, ${total} people`);
  return `${total} people`;
}

export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}

import type { TestApp, Visitor } from '../support/test-app.js';
import type { Kind } from './wrong-values.js';

/** Who there is. `bystander` is a student of the course who owns nothing that is attacked. */
export type Who = 'teacher' | 'student' | 'bystander' | 'methodist' | 'foreignTeacher' | 'foreignStudent';

/** Two courses with something of everything in each; ids of the first, and some of the second. */
export interface Stage {
  readonly testApp: TestApp;
  readonly visitors: Readonly<Record<Who, Visitor>>;
  readonly consultations: {
    readonly series: string;
    readonly freeSlot: string;
    readonly bookedSlot: string;
    readonly booking: string;
    readonly wish: Readonly<Record<string, unknown>>;
    readonly terms: Readonly<Record<string, unknown>>;
    readonly moreSlots: Readonly<Record<string, unknown>>;
  };
  readonly tests: {
    readonly draft: string;
    /** Of the draft's settings. */
    readonly edition: number;
    readonly published: string;
    readonly bankKey: string;
    readonly key: string;
    readonly attempted: string;
    readonly attempt: string;
    readonly foreignTest: string;
    readonly foreignKey: string;
  };
  readonly directory: {
    readonly card: string;
    readonly association: string;
    readonly photo: string;
    readonly material: string;
  };
  readonly questions: {
    /** Of the student, new; answered, with consent to publish; closed. */
    readonly fresh: string;
    readonly answered: string;
    readonly closed: string;
  };
  readonly timetable: {
    readonly class: string;
    readonly import: string;
    readonly wish: Readonly<Record<string, unknown>>;
  };
  /** Unread, of the student. */
  readonly notification: string;
  readonly grade: string;
  /** A gradebook column that the LMS has refused. */
  readonly column: string;
  readonly deepLinking: { readonly request: string };
  /** Names a test of the other course, in which the teacher teaches too. */
  readonly link: string;
  readonly foreignPerson: string;
  /** The student's own id. */
  readonly student: string;
}

/** One route: what an honest request is, and what must be refused. */
export interface Attacked {
  readonly as: Who;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly fields?: Readonly<Record<string, Kind>>;
  /** Who is refused with the very same request. */
  readonly notFor: readonly Who[];
  /** Values of fields that belong to somebody or something else. */
  readonly foreign?: readonly (readonly [field: string, value: unknown])[];
}

/** Ids that can be nothing of ours; each is refused in the place of every id. */
export const ALIEN_IDS = [
  'nonsense',
  // Well formed, each for one kind of id.
  '0123456789abcdef01234567',
  'abcdefghjkmn',
  'A'.repeat(32),
  'ffffffffffffffffffffffffffffffff',
  "'%20OR%201=1",
  '%00',
  '%2e%2e%2f',
  '%E0%A4%A',
  '__proto__',
  '-1',
  'a'.repeat(5_000),
];

/**
 * LTI messages have their own attacks: test/lti/attacks.test.ts, notices.test.ts; registration by a link, which
 * knows no session, in test/features/registration; the window that a launch without cookies goes on in, in test/lti/cookieless.test.ts.
 */
export const COVERED_ELSEWHERE = [
  '* /lti/login',
  '* /lti/launch',
  '* /lti/notices',
  'POST /lti/register/',
  'POST /handover/',
  // Sign-in links: test/features/access/access.test.ts.
  'POST /enter/',
  'POST /enter/link',
  'POST /staff/enter',
  'POST /staff/leave',
  'POST /staff/link',
  'POST /staff/questions/:questionId/messages',
  // A form with a file: test/features/timetable/timetable.test.ts.
  'POST /c/:courseKey/timetable/import',
  // For administrators of the LMS alone: test/features/admin/guests.test.ts.
  'POST /c/:courseKey/administration/',
  // A form with a file, and its removal: test/features/directory/photo.test.ts.
  'POST /c/:courseKey/directory/teachers/:slug/photo',
  'POST /c/:courseKey/directory/teachers/:slug/photo/remove',
  // Which version it is made for, the preview says: test/features/directory/admin.test.ts.
  'POST /c/:courseKey/directory/teachers/:slug/merge',
  // Forms with a file: test/features/directory/materials.test.ts.
  'POST /c/:courseKey/directory/teachers/:slug/materials',
  'POST /c/:courseKey/directory/materials/:key',
];

const ONLY_TEACHER: readonly Who[] = ['student', 'bystander', 'foreignStudent', 'foreignTeacher'];
/** Of what is made anew: a foreign teacher may, in a course of their own. */
const NOT_STAFF: readonly Who[] = ['student', 'bystander', 'foreignStudent'];
/** Of a student's question: others than that student and those who teach. */
const NOT_READERS: readonly Who[] = ['bystander', 'foreignStudent', 'foreignTeacher'];
const NOT_METHODIST: readonly Who[] = ['student', 'bystander', 'teacher', 'foreignStudent', 'foreignTeacher'];
const TERMS: Readonly<Record<string, Kind>> = {
  title: 'text',
  link: 'text?',
  description: 'text?',
  capacity: 'number',
  question: 'choice',
  closesHours: 'number',
  cancelHours: 'number',
  names: 'choice',
};
const WISH: Readonly<Record<string, Kind>> = {
  ...TERMS,
  type: 'choice',
  teacher: 'choice?',
  zone: 'choice',
  from: 'date',
  to: 'date',
  weekdays: 'list',
  start: 'time',
  end: 'time',
  length: 'number',
  gap: 'number?',
  fills: 'choice?',
};
const SETTINGS: Readonly<Record<string, Kind>> = {
  title: 'text',
  description: 'text?',
  shuffleQuestions: 'flag?',
  shuffleAnswers: 'flag?',
  attemptsAllowed: 'number?',
  timeLimitMinutes: 'number?',
  opensAt: 'date?',
  closesAt: 'date?',
  grading: 'choice?',
  review: 'choice?',
};
const QUESTION: Readonly<Record<string, Kind>> = {
  type: 'choice',
  text: 'text',
  option: 'list',
  right: 'list',
  mark: 'decimal?',
  feedback: 'text?',
};
const CAPITAL = {
  type: 'single',
  text: 'Столица Франции?',
  option: ['Париж', 'Лион'],
  right: '0',
  mark: '1',
};
const CARD: Readonly<Record<string, Kind>> = {
  givenName: 'text?',
  patronymic: 'text?',
  position: 'text?',
  subjects: 'list?',
  associations: 'list?',
  visibility: 'choice?',
  degree: 'text?',
  academicTitle: 'text?',
  programmes: 'list?',
  hours: 'text?',
  about: 'text?',
  aboutVisibility: 'choice?',
  consent: 'flag?',
};

type Table = Readonly<Record<string, (stage: Stage) => Attacked>>;

export function attackTable(): Table {
  const c = '/c/:courseKey';
  return {
    [`POST ${c}/consultations/slots/:slotId/bookings`]: ({ consultations }) => ({
      as: 'bystander',
      params: { slotId: consultations.freeSlot },
      body: { question: 'О задаче 5' },
      fields: { question: 'text?' },
      notFor: ['teacher', 'methodist', 'foreignStudent', 'foreignTeacher'],
    }),
    [`POST ${c}/consultations/slots/:slotId/cancel`]: ({ consultations }) => ({
      as: 'teacher',
      params: { slotId: consultations.bookedSlot },
      body: { reason: 'Болезнь' },
      fields: { reason: 'text' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/consultations/slots/:slotId/remove`]: ({ consultations }) => ({
      as: 'teacher',
      params: { slotId: consultations.freeSlot },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/consultations/bookings/:bookingId/cancel`]: ({ consultations }) => ({
      as: 'student',
      params: { bookingId: consultations.booking },
      body: { reason: 'Не смогу' },
      fields: { reason: 'text?' },
      notFor: ['bystander', 'foreignStudent', 'foreignTeacher'],
    }),
    [`POST ${c}/people/refresh`]: () => ({ as: 'teacher', notFor: NOT_STAFF }),
    [`POST ${c}/consultations/preview`]: (stage) => ({
      as: 'teacher',
      body: stage.consultations.wish,
      fields: WISH,
      notFor: NOT_STAFF,
      foreign: [['teacher', stage.foreignPerson]],
    }),
    [`POST ${c}/consultations/new`]: (stage) => ({
      as: 'teacher',
      body: stage.consultations.wish,
      fields: WISH,
      notFor: NOT_STAFF,
      foreign: [
        ['teacher', stage.foreignPerson],
        ['fills', stage.consultations.series],
        ['fills', stage.tests.foreignTest],
      ],
    }),
    [`POST ${c}/consultations/:seriesId/edit`]: ({ consultations }) => ({
      as: 'teacher',
      params: { seriesId: consultations.series },
      body: consultations.terms,
      fields: TERMS,
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/consultations/:seriesId/slots`]: ({ consultations }) => ({
      as: 'teacher',
      params: { seriesId: consultations.series },
      body: consultations.moreSlots,
      fields: { date: 'date', start: 'time', end: 'time' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/consultations/:seriesId/end`]: ({ consultations }) => ({
      as: 'teacher',
      params: { seriesId: consultations.series },
      notFor: ONLY_TEACHER,
    }),

    [`POST ${c}/questions/new`]: (stage) => ({
      as: 'student',
      body: { text: 'О чём-то', to: 'course', key: 'abcdefghijklmnopqrst' },
      fields: { text: 'text', to: 'choice?', consent: 'flag?', key: 'token' },
      notFor: ['teacher', 'methodist', 'foreignTeacher'],
      foreign: [['to', `teacher:${stage.foreignPerson}`]],
    }),
    [`POST ${c}/questions/draft`]: () => ({
      as: 'student',
      body: { place: 'new', text: 'Начало' },
      fields: { place: 'choice', text: 'text?' },
      notFor: [],
    }),
    [`POST ${c}/questions/:questionId/messages`]: ({ questions }) => ({
      as: 'teacher',
      params: { questionId: questions.fresh },
      body: { text: 'Ответ' },
      fields: { text: 'text' },
      notFor: NOT_READERS,
    }),
    [`POST ${c}/questions/:questionId/take`]: ({ questions }) => ({
      as: 'teacher',
      params: { questionId: questions.fresh },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/questions/:questionId/close`]: ({ questions }) => ({
      as: 'student',
      params: { questionId: questions.fresh },
      notFor: NOT_READERS,
    }),
    [`POST ${c}/questions/:questionId/reopen`]: ({ questions }) => ({
      as: 'student',
      params: { questionId: questions.closed },
      notFor: [...NOT_READERS, 'teacher', 'methodist'],
    }),
    [`POST ${c}/questions/:questionId/consent`]: ({ questions }) => ({
      as: 'student',
      params: { questionId: questions.fresh },
      body: { consent: '1' },
      fields: { consent: 'flag?' },
      notFor: [...NOT_READERS, 'teacher', 'methodist'],
    }),
    [`POST ${c}/questions/:questionId/consultation`]: ({ questions, consultations, tests }) => ({
      as: 'student',
      params: { questionId: questions.fresh },
      body: { slotId: consultations.freeSlot },
      fields: { slotId: 'choice' },
      notFor: [...NOT_READERS, 'teacher', 'methodist'],
      foreign: [['slotId', tests.foreignTest]],
    }),
    [`POST ${c}/questions/:questionId/faq`]: ({ questions }) => ({
      as: 'teacher',
      params: { questionId: questions.answered },
      body: { question: 'Почему?', answer: 'Потому.', audience: 'public' },
      fields: { question: 'text', answer: 'text', audience: 'choice' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/questions/:questionId/faq/remove`]: ({ questions }) => ({
      as: 'teacher',
      params: { questionId: questions.answered },
      notFor: ONLY_TEACHER,
    }),

    [`POST ${c}/timetable/new`]: (stage) => ({
      as: 'teacher',
      body: stage.timetable.wish,
      fields: {
        ...{ title: 'text', teacher: 'choice?', teacherName: 'text?', group: 'choice?', place: 'text?' },
        ...{ link: 'text?', from: 'date', to: 'date?', weekdays: 'list?', every: 'choice?' },
        ...{ start: 'time', end: 'time', key: 'token' },
      },
      notFor: NOT_STAFF,
      foreign: [['teacher', stage.foreignPerson]],
    }),
    [`POST ${c}/timetable/:classId/homework`]: ({ timetable }) => ({
      as: 'teacher',
      params: { classId: timetable.class },
      body: { topic: 'Тема', homework: 'Задание' },
      fields: { topic: 'text?', homework: 'text?' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/timetable/:classId/cancel`]: ({ timetable }) => ({
      as: 'teacher',
      params: { classId: timetable.class },
      body: { reason: 'Болезнь' },
      fields: { reason: 'text' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/timetable/:classId/restore`]: ({ timetable }) => ({
      as: 'teacher',
      params: { classId: timetable.class },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/timetable/:classId/substitute`]: ({ timetable, foreignPerson }) => ({
      as: 'teacher',
      params: { classId: timetable.class },
      body: { teacher: '', teacherName: 'Гость', reason: 'Болезнь' },
      fields: { teacherName: 'text?', reason: 'text?' },
      notFor: ONLY_TEACHER,
      foreign: [['teacher', foreignPerson]],
    }),
    [`POST ${c}/timetable/:classId/substitute/end`]: ({ timetable }) => ({
      as: 'teacher',
      params: { classId: timetable.class },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/timetable/:classId/attendance`]: ({ timetable, student, foreignPerson }) => ({
      as: 'teacher',
      params: { classId: timetable.class },
      body: { [`a-${student}`]: 'late' },
      notFor: ONLY_TEACHER,
      foreign: [[`a-${foreignPerson}`, 'late']],
    }),
    [`POST ${c}/timetable/import/:importId`]: ({ timetable }) => ({
      as: 'teacher',
      params: { importId: timetable.import },
      body: { day: '0', time: '1', title: '2' },
      fields: { title: 'choice', from: 'date?', to: 'date?' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/timetable/import/:importId/undo`]: ({ timetable }) => ({
      as: 'teacher',
      params: { importId: timetable.import },
      notFor: ONLY_TEACHER,
    }),

    [`POST ${c}/view-as/`]: (stage) => ({
      as: 'methodist',
      body: { person: stage.student },
      fields: { person: 'choice?' },
      notFor: ['student', 'bystander', 'teacher', 'foreignStudent', 'foreignTeacher'],
      foreign: [['person', stage.foreignPerson]],
    }),
    // Stands behind the one before, by which the methodist has begun.
    [`POST ${c}/view-as/leave`]: () => ({
      as: 'methodist',
      notFor: ['student', 'bystander', 'teacher', 'foreignStudent', 'foreignTeacher'],
    }),

    [`POST ${c}/tests/`]: () => ({
      as: 'teacher',
      body: { title: 'Новый тест' },
      fields: SETTINGS,
      notFor: NOT_STAFF,
    }),
    [`POST ${c}/tests/:id/settings`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.draft },
      body: { title: 'Другое название', edition: tests.edition },
      fields: { ...SETTINGS, edition: 'number' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/publish`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.draft },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/unpublish`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.published },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/remove`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.draft },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/questions`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.draft },
      body: CAPITAL,
      fields: QUESTION,
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/questions/:key`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.draft, key: tests.key },
      body: { ...CAPITAL, version: 1 },
      fields: { ...QUESTION, version: 'number' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/questions/:key/move`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.draft, key: tests.key },
      body: { to: 'down' },
      fields: { to: 'choice' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/questions/:key/remove`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.draft, key: tests.key },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/bank`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.draft },
      body: { key: [tests.bankKey] },
      fields: { key: 'list' },
      notFor: ONLY_TEACHER,
      foreign: [
        ['key', [tests.foreignKey]],
        ['key', [tests.bankKey, tests.foreignKey]],
      ],
    }),
    [`POST ${c}/tests/:id/attempts`]: ({ tests }) => ({
      as: 'student',
      params: { id: tests.published },
      notFor: ['foreignStudent', 'foreignTeacher', 'teacher', 'methodist'],
    }),
    [`PUT ${c}/tests/:id/attempts/:attempt/answers/:number`]: ({ tests }) => ({
      as: 'student',
      params: { id: tests.attempted, attempt: tests.attempt, number: '1' },
      body: { response: ['1'], revision: 0, save: 'save-00000001' },
      fields: { response: 'list?', revision: 'number', save: 'token' },
      notFor: ['bystander', 'teacher', 'foreignStudent', 'foreignTeacher'],
      foreign: [['response', ['999']]],
    }),
    [`POST ${c}/tests/:id/attempts/:attempt/answers`]: ({ tests }) => ({
      as: 'student',
      params: { id: tests.attempted, attempt: tests.attempt },
      body: { q1: ['1'], r1: 0 },
      fields: { q1: 'list?' },
      notFor: ['bystander', 'teacher', 'foreignStudent', 'foreignTeacher'],
      foreign: [
        ['q1', ['999']],
        ['r1', 'x'],
        ['r1', -1],
        ['r999', 0],
      ],
    }),
    [`POST ${c}/tests/:id/attempts/:attempt/finish`]: ({ tests }) => ({
      as: 'student',
      params: { id: tests.attempted, attempt: tests.attempt },
      body: { q1: ['1'], r1: 0 },
      fields: { q1: 'list?' },
      notFor: ['bystander', 'teacher', 'foreignStudent', 'foreignTeacher'],
      foreign: [
        ['q1', ['999']],
        ['r1', 'x'],
        ['r999', 0],
      ],
    }),
    [`POST ${c}/tests/:id/preview`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.attempted },
      body: { seed: 1, q1: ['1'] },
      fields: { seed: 'number', q1: 'list?' },
      notFor: ONLY_TEACHER,
    }),

    [`POST ${c}/directory/mine`]: () => ({
      as: 'teacher',
      body: { surname: 'Своя' },
      fields: { ...CARD, surname: 'text' },
      notFor: NOT_STAFF,
      foreign: [
        ['associations', ['no-such']],
        ['responsible', ['director']],
        ['slug', 'mine'],
        ['personIds', ['0123456789abcdef01234567']],
      ],
    }),
    [`POST ${c}/directory/teachers`]: () => ({
      as: 'methodist',
      body: { surname: 'Новый' },
      fields: { ...CARD, surname: 'text', responsible: 'list?' },
      notFor: NOT_METHODIST,
      foreign: [
        ['associations', ['no-such']],
        ['slug', 'mine'],
      ],
    }),
    [`POST ${c}/directory/teachers/:slug`]: ({ directory }) => ({
      as: 'methodist',
      params: { slug: directory.card },
      body: { surname: 'Переименованный', version: 3 },
      fields: { ...CARD, version: 'number', responsible: 'list?' },
      notFor: NOT_METHODIST,
      foreign: [['associations', ['no-such']]],
    }),
    [`POST ${c}/directory/teachers/:slug/withdraw`]: ({ directory }) => ({
      as: 'methodist',
      params: { slug: directory.card },
      body: { contact: '' },
      fields: { contact: 'text?' },
      notFor: NOT_METHODIST,
    }),
    [`POST ${c}/directory/materials/:key/remove`]: ({ directory }) => ({
      as: 'methodist',
      params: { key: directory.material },
      notFor: NOT_METHODIST,
    }),
    [`POST ${c}/directory/teachers/:slug/remove`]: ({ directory }) => ({
      as: 'methodist',
      params: { slug: directory.card },
      notFor: NOT_METHODIST,
    }),
    [`POST ${c}/notifications/:id/read`]: ({ notification }) => ({
      as: 'student',
      params: { id: notification },
      notFor: ['bystander', 'teacher', 'methodist', 'foreignStudent', 'foreignTeacher'],
    }),
    [`POST ${c}/directory/associations`]: () => ({
      as: 'methodist',
      body: { title: 'Новое объединение' },
      fields: { title: 'text', description: 'text?', head: 'choice?' },
      notFor: NOT_METHODIST,
      foreign: [['head', 'no-such']],
    }),
    [`POST ${c}/directory/associations/:slug`]: ({ directory }) => ({
      as: 'methodist',
      params: { slug: directory.association },
      body: { title: 'Переименованное', version: 1 },
      fields: { description: 'text?', head: 'choice?', version: 'number' },
      notFor: NOT_METHODIST,
      foreign: [['head', 'no-such']],
    }),
    [`POST ${c}/directory/associations/:slug/remove`]: ({ directory }) => ({
      as: 'methodist',
      params: { slug: directory.association },
      notFor: NOT_METHODIST,
    }),

    [`POST ${c}/grades/again`]: () => ({ as: 'teacher', notFor: NOT_STAFF }),
    [`POST ${c}/grades/:id/held`]: ({ grade }) => ({
      as: 'teacher',
      params: { id: grade },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/grades/:id/again`]: ({ grade }) => ({
      as: 'teacher',
      params: { id: grade },
      notFor: ONLY_TEACHER,
    }),

    [`POST ${c}/grades/columns/:id/again`]: ({ column }) => ({
      as: 'teacher',
      params: { id: column },
      notFor: ONLY_TEACHER,
    }),

    [`POST ${c}/deep-linking/:request`]: ({ deepLinking, tests }) => ({
      as: 'teacher',
      params: { request: deepLinking.request },
      body: { chosen: [`test:${tests.published}`] },
      fields: { chosen: 'list', title: 'text?', text: 'text?' },
      // A colleague's request is not there for anybody else, of whatever role.
      notFor: ['methodist', 'student', 'bystander', 'foreignTeacher', 'foreignStudent'],
      foreign: [
        ['chosen', [`test:${tests.foreignTest}`]],
        ['chosen', [`test:${tests.published}`, `test:${tests.foreignTest}`]],
        ['chosen', ['test:0123456789abcdef01234567']],
        ['chosen', ['__proto__:x']],
        ['chosen', ['test:../../x']],
      ],
    }),
    [`POST ${c}/links/:link/copy`]: ({ link }) => ({
      as: 'teacher',
      params: { link },
      notFor: [...ONLY_TEACHER, 'methodist'],
    }),
    [`POST ${c}/links/:link/content`]: ({ link, tests }) => ({
      as: 'teacher',
      params: { link },
      body: { content: tests.published },
      fields: { content: 'choice' },
      notFor: ONLY_TEACHER,
      foreign: [
        ['content', tests.foreignTest],
        ['content', '0123456789abcdef01234567'],
      ],
    }),
    [`POST ${c}/deep-linking/:request/cancel`]: ({ deepLinking }) => ({
      as: 'teacher',
      params: { request: deepLinking.request },
      notFor: ['methodist', 'student', 'bystander', 'foreignTeacher', 'foreignStudent'],
    }),
  };
}

/** Pages that show something by its id: who may see it, and who is refused. */
export interface Shown {
  readonly as: Who;
  readonly params: Readonly<Record<string, string>>;
  readonly notFor: readonly Who[];
}

export function readingTable(): Readonly<Record<string, (stage: Stage) => Shown>> {
  const c = '/c/:courseKey';
  const foreign: readonly Who[] = ['foreignStudent', 'foreignTeacher'];
  const everybody: readonly Who[] = [];
  return {
    [`GET ${c}/deep-linking/:request`]: ({ deepLinking: params }) => ({
      as: 'teacher',
      params,
      notFor: ['student', 'bystander', 'methodist', ...foreign],
    }),
    [`GET ${c}/questions/:questionId`]: ({ questions }) => ({
      as: 'student',
      params: { questionId: questions.fresh },
      notFor: NOT_READERS,
    }),
    [`GET ${c}/timetable/:classId`]: ({ timetable }) => ({
      as: 'student',
      params: { classId: timetable.class },
      notFor: foreign,
    }),
    [`GET ${c}/timetable/import/:importId`]: ({ timetable }) => ({
      as: 'teacher',
      params: { importId: timetable.import },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/links/:link`]: ({ link }) => ({ as: 'teacher', params: { link }, notFor: ONLY_TEACHER }),
    // The directory is the whole centre's; what of it a reader sees is test/features/directory/visibility.test.ts.
    [`GET ${c}/directory/teachers/:slug`]: ({ directory }) => ({
      as: 'foreignTeacher',
      params: { slug: directory.card },
      notFor: everybody,
    }),
    [`GET ${c}/directory/associations/:slug`]: ({ directory }) => ({
      as: 'foreignStudent',
      params: { slug: directory.association },
      notFor: everybody,
    }),
    [`GET ${c}/directory/teachers/:slug/edit`]: ({ directory }) => ({
      as: 'methodist',
      params: { slug: directory.card },
      notFor: NOT_METHODIST,
    }),
    [`GET ${c}/directory/teachers/:slug/merge`]: ({ directory }) => ({
      as: 'methodist',
      params: { slug: directory.card },
      notFor: NOT_METHODIST,
    }),
    [`GET ${c}/directory/teachers/:slug/materials/new`]: ({ directory }) => ({
      as: 'methodist',
      params: { slug: directory.card },
      notFor: NOT_METHODIST,
    }),
    [`GET ${c}/directory/teachers/:slug/print`]: ({ directory }) => ({
      as: 'foreignStudent',
      params: { slug: directory.card },
      notFor: everybody,
    }),
    [`GET ${c}/directory/teachers/:slug/card.vcf`]: ({ directory }) => ({
      as: 'foreignStudent',
      params: { slug: directory.card },
      notFor: everybody,
    }),
    [`GET ${c}/directory/teachers/:slug/qr.svg`]: ({ directory }) => ({
      as: 'foreignStudent',
      params: { slug: directory.card },
      notFor: everybody,
    }),
    [`GET ${c}/directory/materials/:key`]: ({ directory }) => ({
      as: 'foreignStudent',
      params: { key: directory.material },
      notFor: everybody,
    }),
    [`GET ${c}/directory/materials/:key/edit`]: ({ directory }) => ({
      as: 'methodist',
      params: { key: directory.material },
      notFor: NOT_METHODIST,
    }),
    [`GET ${c}/directory/materials/:key/remove`]: ({ directory }) => ({
      as: 'methodist',
      params: { key: directory.material },
      notFor: NOT_METHODIST,
    }),
    [`GET ${c}/directory/teachers/:slug/remove`]: ({ directory }) => ({
      as: 'methodist',
      params: { slug: directory.card },
      notFor: NOT_METHODIST,
    }),
    [`GET ${c}/directory/associations/:slug/edit`]: ({ directory }) => ({
      as: 'methodist',
      params: { slug: directory.association },
      notFor: NOT_METHODIST,
    }),
    [`GET ${c}/directory/associations/:slug/remove`]: ({ directory }) => ({
      as: 'methodist',
      params: { slug: directory.association },
      notFor: NOT_METHODIST,
    }),
    [`GET ${c}/files/:fileId`]: ({ directory }) => ({
      as: 'foreignTeacher',
      params: { fileId: directory.photo },
      notFor: ['student', 'bystander', 'foreignStudent'],
    }),
    [`GET ${c}/grades/:id`]: ({ grade }) => ({ as: 'teacher', params: { id: grade }, notFor: ONLY_TEACHER }),
    [`GET ${c}/consultations/slots/:slotId`]: ({ consultations }) => ({
      as: 'student',
      params: { slotId: consultations.bookedSlot },
      notFor: foreign,
    }),
    [`GET ${c}/consultations/:seriesId`]: ({ consultations }) => ({
      as: 'student',
      params: { seriesId: consultations.series },
      notFor: foreign,
    }),
    [`GET ${c}/consultations/:seriesId/edit`]: ({ consultations }) => ({
      as: 'teacher',
      params: { seriesId: consultations.series },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id`]: ({ tests }) => ({
      as: 'student',
      params: { id: tests.published },
      notFor: foreign,
    }),
    [`GET ${c}/tests/:id/settings`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.draft },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/questions/new`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.draft },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/questions/:key`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.draft, key: tests.key },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/bank`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.draft },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/attempts/:attempt`]: ({ tests }) => ({
      as: 'student',
      params: { id: tests.attempted, attempt: tests.attempt },
      notFor: ['bystander', ...foreign],
    }),
    [`GET ${c}/tests/:id/preview`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.draft },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/results`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.published },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/people/:person`]: ({ tests, student }) => ({
      as: 'teacher',
      params: { id: tests.attempted, person: student },
      notFor: ONLY_TEACHER,
    }),
  };
}

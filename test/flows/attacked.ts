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
    /** A free half-hour, as the preview of a table has it. */
    readonly spans: string;
    /** Other days and hours of the series. */
    readonly times: Readonly<Record<string, unknown>>;
    /** Bookings of the student: to be approved; for which a seat is held. */
    readonly requested: string;
    readonly offered: string;
    /** Slots: without a free seat; that has begun, with a file of its minutes; with a video call. */
    readonly fullSlot: string;
    readonly held: string;
    readonly heldVersion: number;
    readonly minutes: string;
    readonly online: string;
    readonly attestation: string;
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
    /** An open attempt of the student: question 1 takes files and has one, question 2 has a hint and can be checked. */
    readonly parts: string;
    readonly partsAttempt: string;
    readonly file: string;
    /** A response that waits for its mark. */
    readonly essay: string;
    readonly written: string;
    readonly essayKey: string;
    /** An attempt that ended by its time, of a student who has been given more. */
    readonly timed: string;
    readonly overtime: string;
    readonly override: string;
    /** Without questions: marks are given. */
    readonly given: string;
    /** Of the draft. */
    readonly draw: string;
    /** Imports of questions: a preview, and one that is done. */
    readonly import: string;
    readonly imported: string;
    /** A file of attempts that was asked for. */
    readonly export: string;
    readonly foreignTest: string;
    readonly foreignKey: string;
    /** Questions of the other course's bank: shared with all teachers, and with nobody. */
    readonly sharedRef: string;
    readonly unsharedRef: string;
  };
  readonly directory: {
    readonly card: string;
    readonly association: string;
    /** Of the association. */
    readonly group: string;
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
    /** Not carried out yet. */
    readonly import: string;
    readonly imported: string;
    readonly wish: Readonly<Record<string, unknown>>;
  };
  /** Whom the student has named. */
  readonly parent: string;
  /** By which the student links a telephone. */
  readonly code: string;
  /** Another teacher of the course. */
  readonly colleague: string;
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
  readonly query?: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly fields?: Readonly<Record<string, Kind>>;
  /** Who is refused with the very same request. */
  readonly notFor: readonly Who[];
  /** Values of fields that belong to another person or thing. */
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
  // Has a sign-in of its own: test/infra/export/background.test.ts.
  'POST /staff/exports/:id/again',
  // About people who have not launched yet: test/features/membership/roster.test.ts.
  'POST /c/:courseKey/people/assistants',
  // Takes nothing but the form's token: test/features/launch/sign-out.test.ts.
  'POST /c/:courseKey/sign-out/',
  // Take nothing but what the address of the page says: test/features/reports/reports.test.ts.
  'POST /c/:courseKey/reports/again',
  'POST /staff/reports/again',
  // A form with a file: test/features/timetable/timetable.test.ts.
  'POST /c/:courseKey/timetable/import',
  // For administrators of the LMS alone: test/features/admin/guests.test.ts.
  'POST /c/:courseKey/administration/',
  // A form with a file, and its removal: test/features/directory/photo.test.ts.
  'POST /c/:courseKey/directory/teachers/:slug/photo',
  'POST /c/:courseKey/directory/teachers/:slug/photo/remove',
  // Forms with a file: test/features/consultations/held.test.ts, test/features/assessments/parts.test.ts.
  'POST /c/:courseKey/consultations/slots/:slotId/minutes',
  'POST /c/:courseKey/tests/:id/attempts/:attempt/files/:number',
  // Without a session, by what they carry: linking.test.ts and people.test.ts there, and test/flows/open-doors.test.ts.
  '* /hooks/:channel',
  'POST /act/:token',
  'POST /unsubscribe/:token',
  'POST /parents/:token',
  'POST /parents/:token/unlink',
  // A form with a file: test/features/consultations/slots-import.test.ts.
  'POST /c/:courseKey/consultations/:seriesId/import',
  // Takes mail, by the signed address in it: test/features/notifications/smtp.test.ts.
  'POST /hooks/mail/',
  // Has a sign-in of its own: test/features/directory/heads.test.ts.
  'POST /staff/directory/associations',
  'POST /staff/directory/associations/:slug',
  'POST /staff/directory/associations/:slug/remove',
  'POST /staff/directory/associations/:slug/groups/new',
  'POST /staff/directory/associations/:slug/groups/:groupId',
  'POST /staff/directory/associations/:slug/groups/:groupId/remove',
  'POST /staff/directory/materials/:key',
  'POST /staff/directory/materials/:key/remove',
  'POST /staff/directory/mine',
  'POST /staff/directory/teachers',
  'POST /staff/directory/teachers/:slug',
  'POST /staff/directory/teachers/:slug/materials',
  'POST /staff/directory/teachers/:slug/merge',
  'POST /staff/directory/teachers/:slug/photo',
  'POST /staff/directory/teachers/:slug/photo/remove',
  'POST /staff/directory/teachers/:slug/remove',
  'POST /staff/directory/teachers/:slug/withdraw',
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
  roomId: 'choice?',
  place: 'text?',
  video: 'choice',
  mode: 'choice',
  approval: 'choice',
  opensDays: 'number',
  inviteDays: 'number',
  rescheduleHours: 'number',
  limitAtOnce: 'number',
  limitWeek: 'number',
  limitSeries: 'number',
  bufferBefore: 'number',
  bufferAfter: 'number',
  grading: 'choice',
  gradeMaximum: 'number',
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
  reviewClosed: 'choice?',
  whenOverdue: 'choice?',
  overdueMinutes: 'number?',
  delayMinutes: 'number?',
  accessCode: 'text?',
  networks: 'text?',
  pledge: 'flag?',
  pageSize: 'number?',
  sequential: 'flag?',
  certainty: 'flag?',
  scale: 'choice?',
  passPercent: 'decimal?',
  partialGrades: 'flag?',
  holdGrades: 'flag?',
  bands: 'text?',
};
const BANK_QUESTION: Readonly<Record<string, Kind>> = {
  type: 'choice',
  text: 'text',
  option: 'list',
  right: 'list',
  mark: 'decimal?',
  feedback: 'text?',
  format: 'choice?',
  hints: 'list?',
  hintPenalty: 'decimal?',
  category: 'text?',
};
const QUESTION: Readonly<Record<string, Kind>> = { ...BANK_QUESTION, section: 'text?' };
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

const TIMES: Readonly<Record<string, Kind>> = {
  from: 'date',
  to: 'date',
  weekdays: 'list',
  start: 'time',
  end: 'time',
  length: 'number',
  gap: 'number?',
};
/** Of an open attempt of the student. */
const NOT_TAKING: readonly Who[] = ['bystander', 'teacher', 'methodist', 'foreignStudent', 'foreignTeacher'];

type Table = Readonly<Record<string, (stage: Stage) => Attacked>>;

export function attackTable(): Table {
  const c = '/c/:courseKey';
  return {
    [`POST ${c}/consultations/slots/:slotId/bookings`]: ({ consultations, foreignPerson }) => ({
      as: 'bystander',
      params: { slotId: consultations.freeSlot },
      body: { question: 'О задаче 5' },
      fields: { question: 'text?', person: 'list?' },
      notFor: ['teacher', 'methodist', 'foreignStudent', 'foreignTeacher'],
      foreign: [
        ['person', [foreignPerson]],
        ['group', 'nonsense'],
      ],
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
    [`POST ${c}/consultations/bookings/:bookingId/undo`]: ({ consultations }) => ({
      as: 'student',
      params: { bookingId: consultations.booking },
      notFor: ['bystander', 'teacher', 'methodist', 'foreignStudent', 'foreignTeacher'],
    }),
    [`POST ${c}/consultations/bookings/:bookingId/move`]: ({ consultations, tests }) => ({
      as: 'student',
      params: { bookingId: consultations.booking },
      body: { slot: consultations.freeSlot },
      fields: { slot: 'choice' },
      notFor: ['bystander', 'foreignStudent', 'foreignTeacher'],
      foreign: [
        ['slot', tests.foreignTest],
        ['slot', consultations.held],
        ['slot', consultations.fullSlot],
      ],
    }),
    [`POST ${c}/consultations/bookings/:bookingId/approve`]: ({ consultations }) => ({
      as: 'teacher',
      params: { bookingId: consultations.requested },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/consultations/bookings/:bookingId/accept`]: ({ consultations }) => ({
      as: 'student',
      params: { bookingId: consultations.offered },
      notFor: ['bystander', 'teacher', 'methodist', 'foreignStudent', 'foreignTeacher'],
    }),
    [`POST ${c}/consultations/slots/:slotId/wait`]: ({ consultations }) => ({
      as: 'student',
      params: { slotId: consultations.fullSlot },
      body: { tell: '' },
      fields: { tell: 'flag?' },
      notFor: ['teacher', 'methodist', 'foreignStudent', 'foreignTeacher'],
    }),
    [`POST ${c}/consultations/slots/:slotId/move`]: ({ consultations }) => ({
      as: 'teacher',
      params: { slotId: consultations.bookedSlot },
      body: { date: consultations.moreSlots.date, start: '17:00', reason: 'Совещание' },
      fields: { date: 'date', start: 'time', reason: 'text' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/consultations/slots/:slotId/teacher`]: ({
      consultations,
      colleague,
      student,
      foreignPerson,
    }) => ({
      as: 'teacher',
      params: { slotId: consultations.bookedSlot },
      body: { teacher: colleague },
      fields: { teacher: 'choice' },
      notFor: ONLY_TEACHER,
      foreign: [
        ['teacher', foreignPerson],
        ['teacher', student],
      ],
    }),
    [`POST ${c}/consultations/slots/:slotId/room`]: ({ consultations, tests }) => ({
      as: 'teacher',
      params: { slotId: consultations.bookedSlot },
      body: { roomId: '' },
      fields: { roomId: 'choice?' },
      notFor: ONLY_TEACHER,
      foreign: [['roomId', tests.foreignTest]],
    }),
    [`POST ${c}/consultations/slots/:slotId/attendance`]: ({ consultations, student, foreignPerson }) => ({
      as: 'teacher',
      params: { slotId: consultations.held },
      body: { version: consultations.heldVersion, [`mark_${student}`]: 'attended' },
      fields: {
        version: 'number',
        all: 'choice?',
        sharedNote: 'text?',
        confidentialNote: 'text?',
        [`mark_${student}`]: 'choice?',
        [`note_${student}`]: 'text?',
      },
      notFor: ONLY_TEACHER,
      foreign: [
        [`mark_${foreignPerson}`, 'attended'],
        [`points_${foreignPerson}`, '1'],
        ['mark___proto__', 'attended'],
      ],
    }),
    [`POST ${c}/consultations/slots/:slotId/minutes/:fileId/remove`]: ({ consultations }) => ({
      as: 'teacher',
      params: { slotId: consultations.held, fileId: consultations.minutes },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/consultations/slots/:slotId/video/end`]: ({ consultations }) => ({
      as: 'teacher',
      params: { slotId: consultations.online },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/consultations/:seriesId/invite`]: ({ consultations }) => ({
      as: 'teacher',
      params: { seriesId: consultations.series },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/consultations/:seriesId/messages`]: ({ consultations }) => ({
      as: 'teacher',
      params: { seriesId: consultations.series },
      body: { text: 'Возьмите тетради' },
      fields: { text: 'text' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/consultations/:seriesId/times/preview`]: ({ consultations }) => ({
      as: 'teacher',
      params: { seriesId: consultations.series },
      body: consultations.times,
      fields: TIMES,
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/consultations/:seriesId/times`]: ({ consultations }) => ({
      as: 'teacher',
      params: { seriesId: consultations.series },
      body: consultations.times,
      fields: TIMES,
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/consultations/:seriesId/import/slots`]: ({ consultations }) => ({
      as: 'teacher',
      params: { seriesId: consultations.series },
      body: { spans: consultations.spans },
      fields: { spans: 'text' },
      notFor: ONLY_TEACHER,
      foreign: [
        ['spans', '2026-12-01T12:00:00.000Z'],
        ['spans', `${consultations.spans}\nnonsense`],
        ['spans', consultations.spans.split('/').reverse().join('/')],
      ],
    }),
    [`POST ${c}/consultations/board/slots`]: ({ consultations, tests }) => ({
      as: 'teacher',
      body: { ...consultations.moreSlots, series: consultations.series },
      fields: { series: 'choice', date: 'date', start: 'time', end: 'time' },
      notFor: ONLY_TEACHER,
      foreign: [['series', tests.foreignTest]],
    }),
    [`POST ${c}/consultations/board/move`]: ({ consultations, tests }) => ({
      as: 'teacher',
      body: {
        slot: consultations.bookedSlot,
        date: consultations.moreSlots.date,
        start: '17:00',
        reason: 'Совещание',
      },
      fields: { slot: 'choice', date: 'date', start: 'time', reason: 'text' },
      notFor: ONLY_TEACHER,
      foreign: [['slot', tests.foreignTest]],
    }),
    [`POST ${c}/consultations/attestations/`]: ({ consultations }) => ({
      as: 'teacher',
      body: { kind: 'interim', title: 'Экзамен', on: consultations.moreSlots.date },
      fields: { kind: 'choice', title: 'text', on: 'date' },
      notFor: NOT_STAFF,
    }),
    [`POST ${c}/consultations/attestations/:attestationId`]: ({ consultations }) => ({
      as: 'teacher',
      params: { attestationId: consultations.attestation },
      body: { kind: 'interim', title: 'Другой зачёт', on: consultations.moreSlots.date },
      fields: { kind: 'choice', title: 'text', on: 'date' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/consultations/attestations/:attestationId/remove`]: ({ consultations }) => ({
      as: 'teacher',
      params: { attestationId: consultations.attestation },
      notFor: ONLY_TEACHER,
    }),
    // The teacher has no series that prepares for it.
    [`POST ${c}/consultations/attestations/:attestationId/invite`]: ({ consultations }) => ({
      as: 'methodist',
      params: { attestationId: consultations.attestation },
      notFor: NOT_METHODIST,
    }),

    [`POST ${c}/calendar/feed`]: () => ({ as: 'student', notFor: [] }),
    [`POST ${c}/calendar/feed/revoke`]: () => ({ as: 'student', notFor: [] }),
    [`POST ${c}/video/`]: () => ({
      as: 'teacher',
      body: { url: 'https://video.example.org/room', password: 'x' },
      fields: { url: 'text?', password: 'text?' },
      notFor: NOT_STAFF,
      foreign: [
        ['url', 'javascript:alert(1)'],
        ['url', 'http://video.example.org/'],
        ['url', 'https://name:secret@video.example.org/'],
      ],
    }),

    [`POST ${c}/notifications/preferences/`]: () => ({
      as: 'student',
      body: {
        ...{
          locale: 'en',
          zone: '',
          quietFrom: '21',
          quietTo: '08',
          morningAt: '07',
          eveningAt: '',
          digestAt: '',
        },
        chosen: ['consultations:mail'],
      },
      fields: {
        locale: 'choice?',
        zone: 'choice?',
        quietFrom: 'choice?',
        quietTo: 'choice?',
        morningAt: 'choice?',
        eveningAt: 'choice?',
        chosen: 'list?',
      },
      notFor: [],
      foreign: [
        ['chosen', ['__proto__:mail']],
        ['chosen', ['consultations:nonsense']],
      ],
    }),
    [`POST ${c}/notifications/preferences/channels/:channel/unlink`]: () => ({
      as: 'student',
      params: { channel: 'push' },
      notFor: [],
    }),
    [`POST ${c}/notifications/preferences/parents`]: () => ({
      as: 'student',
      body: { name: 'Папа', address: 'father@example.org' },
      fields: { name: 'text?', address: 'text' },
      notFor: ['teacher', 'methodist', 'foreignTeacher'],
      foreign: [
        ['address', 'nobody'],
        ['address', 'a@example.org, b@example.org'],
      ],
    }),
    [`POST ${c}/notifications/preferences/parents/:id/remove`]: ({ parent }) => ({
      as: 'student',
      params: { id: parent },
      notFor: ['bystander', 'teacher', 'methodist', 'foreignStudent', 'foreignTeacher'],
    }),
    [`POST ${c}/notifications/preferences/telephone`]: () => ({
      as: 'student',
      body: { telephone: '+7 912 000-00-00' },
      fields: { telephone: 'text' },
      notFor: [],
      foreign: [['telephone', '112']],
    }),
    [`POST ${c}/notifications/preferences/telephone/code`]: ({ code }) => ({
      as: 'student',
      body: { code },
      fields: { code: 'text' },
      notFor: ['bystander', 'teacher', 'methodist', 'foreignStudent', 'foreignTeacher'],
      foreign: [['code', 'abcdefghjkmnpqrt']],
    }),
    [`POST ${c}/notifications/preferences/browsers`]: () => ({
      as: 'student',
      body: {
        endpoint: 'https://fcm.googleapis.com/fcm/send/abc',
        p256dh: 'B'.repeat(87),
        auth: 'a'.repeat(22),
      },
      fields: { endpoint: 'text', p256dh: 'token', auth: 'token' },
      notFor: [],
      foreign: [
        ['endpoint', 'http://10.0.0.1/x'],
        ['endpoint', 'https://evil.example/x'],
      ],
    }),
    [`POST ${c}/notifications/read`]: () => ({ as: 'student', notFor: [] }),

    [`POST ${c}/tests/:id/attempts/:attempt/files/:number/remove`]: ({ tests }) => ({
      as: 'student',
      params: { id: tests.parts, attempt: tests.partsAttempt, number: '1' },
      body: { file: tests.file },
      fields: { file: 'token' },
      notFor: NOT_TAKING,
      foreign: [['file', 'a'.repeat(20)]],
    }),
    [`POST ${c}/tests/:id/attempts/:attempt/hints/:number`]: ({ tests }) => ({
      as: 'student',
      params: { id: tests.parts, attempt: tests.partsAttempt, number: '2' },
      body: { q2: ['1'], r2: 0 },
      fields: { q2: 'list?' },
      notFor: NOT_TAKING,
      foreign: [
        ['q2', ['999']],
        ['r2', 'x'],
        ['r999', 0],
      ],
    }),
    [`POST ${c}/tests/:id/attempts/:attempt/checks/:number`]: ({ tests }) => ({
      as: 'student',
      params: { id: tests.parts, attempt: tests.partsAttempt, number: '2' },
      body: { q2: ['1'], r2: 0 },
      fields: { q2: 'list?' },
      notFor: NOT_TAKING,
      foreign: [
        ['q2', ['999']],
        ['r2', 'x'],
        ['r999', 0],
      ],
    }),
    [`POST ${c}/tests/:id/attempts/:attempt/turn`]: ({ tests }) => ({
      as: 'student',
      params: { id: tests.parts, attempt: tests.partsAttempt },
      query: '?to=1',
      body: { q2: ['1'], r2: 0 },
      fields: { q2: 'list?' },
      notFor: NOT_TAKING,
      foreign: [
        ['q2', ['999']],
        ['r2', 'x'],
        ['r999', 0],
      ],
    }),
    [`POST ${c}/tests/:id/attempts/:attempt/log`]: ({ tests }) => ({
      as: 'student',
      params: { id: tests.parts, attempt: tests.partsAttempt },
      body: { kind: 'left', question: '1' },
      fields: { kind: 'choice', question: 'number?' },
      notFor: NOT_TAKING,
    }),
    [`POST ${c}/tests/:id/attempts/:attempt/reopen`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.timed, attempt: tests.overtime },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/attempts/:attempt/remove`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay, attempt: tests.written },
      body: { why: 'Писал другой' },
      fields: { why: 'text' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/marking/:attempt/:number`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay, attempt: tests.written, number: '1' },
      body: { points: '4', comment: 'Хорошо', version: 1 },
      fields: { points: 'decimal', comment: 'text?', version: 'number' },
      notFor: ONLY_TEACHER,
      foreign: [
        ['points', '5,5'],
        ['version', 7],
      ],
    }),
    [`POST ${c}/tests/:id/rubrics/:key`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay, key: tests.essayKey },
      body: { rubric: 'Понимание темы\n3 раскрыта\n0 не раскрыта', version: 0 },
      fields: { rubric: 'text?', version: 'number' },
      notFor: ONLY_TEACHER,
      foreign: [
        ['rubric', 'Понимание темы\nда'],
        ['version', 7],
      ],
    }),
    [`POST ${c}/tests/:id/messages`]: ({ tests, student, foreignPerson }) => ({
      as: 'teacher',
      params: { id: tests.essay },
      body: { text: 'Перепишите вывод', person: [student], key: 'abcdefghijklmnopqrst' },
      fields: { text: 'text', person: 'list', key: 'token' },
      notFor: ONLY_TEACHER,
      foreign: [
        ['person', [foreignPerson]],
        ['person', [student, foreignPerson]],
      ],
    }),
    [`POST ${c}/tests/bank`]: ({ tests }) => ({
      as: 'teacher',
      body: { key: [tests.bankKey], action: 'test', test: tests.draft },
      fields: { key: 'list', action: 'choice', test: 'choice' },
      notFor: ONLY_TEACHER,
      foreign: [
        ['key', [tests.foreignKey]],
        ['key', [tests.bankKey, tests.foreignKey]],
        ['test', tests.foreignTest],
        // These need a tag, and those to share with.
        ['action', 'tag'],
        ['action', 'share'],
      ],
    }),
    [`POST ${c}/tests/bank/questions`]: () => ({
      as: 'teacher',
      body: CAPITAL,
      fields: BANK_QUESTION,
      notFor: NOT_STAFF,
    }),
    [`POST ${c}/tests/bank/questions/:key`]: ({ tests }) => ({
      as: 'teacher',
      params: { key: tests.bankKey },
      body: { ...CAPITAL, version: 1 },
      fields: { ...BANK_QUESTION, version: 'number' },
      notFor: ONLY_TEACHER,
      foreign: [['version', 7]],
    }),
    [`POST ${c}/tests/bank/shared`]: ({ tests }) => ({
      as: 'teacher',
      body: { ref: [tests.sharedRef] },
      fields: { ref: 'list' },
      // Nothing is shared with the course that it comes from.
      notFor: ONLY_TEACHER,
      foreign: [
        ['ref', [tests.unsharedRef]],
        ['ref', [tests.sharedRef, tests.unsharedRef]],
      ],
    }),
    [`POST ${c}/tests/:id/regrade`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay },
      body: { why: 'Ошибка в ключе' },
      fields: { why: 'text?' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/regrade/plan`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/release`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/questions/:key/treatment`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay, key: tests.essayKey },
      body: { treatment: 'full' },
      fields: { treatment: 'choice?' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/overrides`]: ({ tests, student, foreignPerson }) => ({
      as: 'teacher',
      params: { id: tests.attempted },
      body: { subject: `p:${student}`, extraPercent: '50' },
      fields: {
        subject: 'choice',
        opensAt: 'date?',
        closesAt: 'date?',
        extraPercent: 'number?',
        attemptsAllowed: 'number?',
        accessCode: 'text?',
      },
      notFor: ONLY_TEACHER,
      foreign: [
        ['subject', `p:${foreignPerson}`],
        ['subject', 'g:nonsense'],
      ],
    }),
    [`POST ${c}/tests/:id/overrides/:override/remove`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.timed, override: tests.override },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/draws`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.draft },
      body: { count: 1 },
      fields: { count: 'number', category: 'text?', tag: 'text?', section: 'text?', mark: 'decimal?' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/draws/:draw/remove`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.draft, draw: tests.draw },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/given`]: () => ({
      as: 'teacher',
      body: { title: 'Диктант', maximum: '5' },
      fields: { title: 'text', maximum: 'decimal' },
      notFor: NOT_STAFF,
    }),
    [`POST ${c}/tests/:id/given`]: ({ tests, student, foreignPerson }) => ({
      as: 'teacher',
      params: { id: tests.given },
      body: { [`points-${student}`]: '4' },
      notFor: ONLY_TEACHER,
      foreign: [
        [`points-${student}`, '6'],
        [`points-${student}`, 'x'],
        [`points-${foreignPerson}`, '4'],
        ['points-__proto__', '4'],
      ],
    }),
    [`POST ${c}/tests/import`]: ({ tests }) => ({
      as: 'teacher',
      body: { text: '1. Столица Италии?\n+ Рим\n- Турин' },
      fields: { format: 'choice?', test: 'choice?' },
      notFor: NOT_STAFF,
      foreign: [
        ['test', tests.foreignTest],
        ['text', '   '],
      ],
    }),
    [`POST ${c}/tests/import/:id`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.import },
      body: { duplicates: 'skip' },
      fields: { duplicates: 'choice?' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/tests/:id/exports`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.published },
      body: { format: 'csv' },
      fields: { format: 'choice' },
      notFor: ONLY_TEACHER,
    }),
    [`POST ${c}/exports/:id/again`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.export },
      notFor: ['methodist', ...ONLY_TEACHER],
    }),
    [`POST ${c}/tests/import/:id/undo`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.imported },
      notFor: ONLY_TEACHER,
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
    [`POST ${c}/timetable/:classId/move`]: ({ timetable }) => ({
      as: 'teacher',
      params: { classId: timetable.class },
      body: { date: '2031-05-14', start: '15:00', end: '15:45', place: 'Кабинет 5', reason: '' },
      fields: { date: 'date', start: 'time', end: 'time', place: 'text?', reason: 'text?' },
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
      params: { importId: timetable.imported },
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
      fields: { revision: 'number', save: 'token' },
      notFor: ['bystander', 'teacher', 'foreignStudent', 'foreignTeacher'],
      // A refusal names the response as the paper does: q1.
      foreign: [['999'], [null], [5, {}], {}, null, 'я'.repeat(20_000)].map((value) => ['response', value]),
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
    // Of those here, only the foreign teacher has a card of their own.
    [`POST ${c}/directory/send`]: ({ directory }) => ({
      as: 'foreignTeacher',
      body: { key: 'abcdefghijklmnopqrst', note: 'Жду на консультации' },
      fields: { key: 'token', group: 'choice?', contacts: 'flag?', materials: 'list?', note: 'text?' },
      notFor: ['student', 'bystander', 'teacher', 'methodist', 'foreignStudent'],
      foreign: [
        ['materials', [directory.material]],
        ['note', ''],
        ['cardId', directory.card],
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
    [`POST ${c}/directory/associations/:slug/groups/new`]: ({ directory }) => ({
      as: 'methodist',
      params: { slug: directory.association },
      body: { title: 'Новая группа' },
      fields: { title: 'text', programme: 'text?', teachers: 'list?' },
      notFor: NOT_METHODIST,
      foreign: [
        ['teachers', ['no-such']],
        ['lmsGroup', 'no/such'],
      ],
    }),
    [`POST ${c}/directory/associations/:slug/groups/:groupId`]: ({ directory }) => ({
      as: 'methodist',
      params: { slug: directory.association, groupId: directory.group },
      body: { title: 'Переименованная', version: 1 },
      fields: { title: 'text', programme: 'text?', teachers: 'list?', version: 'number' },
      notFor: NOT_METHODIST,
      foreign: [['teachers', ['no-such']]],
    }),
    [`POST ${c}/directory/associations/:slug/groups/:groupId/remove`]: ({ directory }) => ({
      as: 'methodist',
      params: { slug: directory.association, groupId: directory.group },
      notFor: NOT_METHODIST,
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
    [`GET ${c}/calendar/:file`]: ({ consultations }) => ({
      as: 'student',
      params: { file: `consultation-${consultations.bookedSlot}.ics` },
      notFor: ['bystander', 'methodist', ...foreign],
    }),
    [`GET ${c}/consultations/:seriesId/people`]: ({ consultations }) => ({
      as: 'teacher',
      params: { seriesId: consultations.series },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/consultations/:seriesId/times`]: ({ consultations }) => ({
      as: 'teacher',
      params: { seriesId: consultations.series },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/consultations/:seriesId/import`]: ({ consultations }) => ({
      as: 'teacher',
      params: { seriesId: consultations.series },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/consultations/attestations/:attestationId`]: ({ consultations }) => ({
      as: 'teacher',
      params: { attestationId: consultations.attestation },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/consultations/bookings/:bookingId/move`]: ({ consultations }) => ({
      as: 'student',
      params: { bookingId: consultations.booking },
      notFor: ['bystander', ...foreign],
    }),
    [`GET ${c}/consultations/slots/:slotId/sheet`]: ({ consultations }) => ({
      as: 'teacher',
      params: { slotId: consultations.held },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/consultations/slots/:slotId/video`]: ({ consultations }) => ({
      as: 'teacher',
      params: { slotId: consultations.online },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/attempts/:attempt/files/:number`]: ({ tests }) => ({
      as: 'student',
      params: { id: tests.parts, attempt: tests.partsAttempt, number: '1' },
      notFor: NOT_TAKING,
    }),
    [`GET ${c}/tests/:id/attempts/:attempt/consultation`]: ({ tests }) => ({
      as: 'student',
      params: { id: tests.timed, attempt: tests.overtime },
      notFor: NOT_TAKING,
    }),
    [`GET ${c}/tests/:id/messages/new`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/rubrics/:key`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay, key: tests.essayKey },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/sheet`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/bank/questions/:key`]: ({ tests }) => ({
      as: 'teacher',
      params: { key: tests.bankKey },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/bank/questions/:key/edit`]: ({ tests }) => ({
      as: 'teacher',
      params: { key: tests.bankKey },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/marking/:attempt/:number`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay, attempt: tests.written, number: '1' },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/marking/question/:key`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay, key: tests.essayKey },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/marking/work/:attempt`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay, attempt: tests.written },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/exports/:id`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.export },
      notFor: ['methodist', ...ONLY_TEACHER],
    }),
    [`GET ${c}/exports/:id`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.export },
      notFor: ['methodist', ...ONLY_TEACHER],
    }),
    [`GET ${c}/exports/:id/file`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.export },
      notFor: ['methodist', ...ONLY_TEACHER],
    }),
    [`GET ${c}/tests/import/:id`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.import },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/given`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.given },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/marking`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/overrides`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/regrade`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/results/questions/:key`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay, key: tests.essayKey },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/remove`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay },
      notFor: ONLY_TEACHER,
    }),
    [`GET ${c}/tests/:id/statistics`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.essay },
      notFor: ONLY_TEACHER,
    }),
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
    [`GET ${c}/directory/materials/:key/check/:testId`]: ({ directory, tests }) => ({
      as: 'foreignStudent',
      params: { key: directory.material, testId: tests.published },
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
    [`GET ${c}/directory/associations/:slug/groups/new`]: ({ directory }) => ({
      as: 'methodist',
      params: { slug: directory.association },
      notFor: NOT_METHODIST,
    }),
    [`GET ${c}/directory/associations/:slug/groups/:groupId`]: ({ directory }) => ({
      as: 'methodist',
      params: { slug: directory.association, groupId: directory.group },
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
    [`GET ${c}/tests/:id/exports`]: ({ tests }) => ({
      as: 'teacher',
      params: { id: tests.published },
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

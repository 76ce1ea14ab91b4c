import type { English } from '../english.js';
import type {
  reviewGridTexts as reviewGridTextsRu,
  settingsTexts as settingsTextsRu,
  scaleNames as scaleNamesRu,
  startTexts as startTextsRu,
  ruleTexts as ruleTextsRu,
} from '../ru/assessments-settings.js';

export const settingsTexts: English<typeof settingsTextsRu> = {
  more: {
    attempts: 'Attempts, time, access',
    grades: 'Grades and feedback',
  },
  delayMinutes: 'Pause between attempts, minutes',
  delayHint: 'Empty: none',
  accessCode: 'Access code',
  accessCodeHint: 'The student types it before the start. Empty: none',
  networks: 'Networks that it is answered from',
  networksHint:
    'One a line: 192.0.2.0/24, 2001:db8::/32, or one address. Empty: from everywhere. Your address now: {{address}}',
  whenOverdue: 'When the time is over',
  overdue: {
    submit: 'The attempt is handed in',
    grace: 'It may still be handed in as it stands',
    abandon: 'An attempt that was not handed in does not count',
  },
  overdueMinutes: 'Minutes to hand it in',
  overdueHint: 'For the second choice alone',
  pageSize: 'Questions on a page',
  pageSizeHint: 'Empty: all on one',
  sequential: 'No way back to earlier pages',
  pledge: 'Before the start the student states that the work is their own',
  scale: 'Scale',
  scaleHint: 'The gradebook gets the points, with the grade of the scale as a comment',
  passPercent: 'Pass mark, %',
  passHint: 'Empty: none. With it the test counts as passed or not',
  thresholds: 'Thresholds of the five-point scale, %',
  threshold: 'Grade {{grade}} from',
  bands: 'Feedback on the whole result',
  bandsHint: 'One to a line, with the percentage from which it is shown: 80 % Excellent',
  reviewClosed: 'What is seen after the test has closed',
  reviewSame: 'The same as before',
  partialGrades: 'Send the grade before essays are marked',
  holdGrades: 'Hold the grades until I release them',
};

export const scaleNames: English<typeof scaleNamesRu> = {
  points: 'Points',
  percent: 'Per cent',
  five: 'Five-point',
  pass: 'Pass or fail',
};

export const startTexts: English<typeof startTextsRu> = {
  code: 'Access code',
  pledge: 'The work I hand in is my own',
  delayed: 'The next attempt may be started',
};

export const ruleTexts: English<typeof ruleTextsRu> = {
  pass: 'To pass, {{percent}} % are needed',
  networks: 'Answered only from a network that the teacher has named',
  delay_one: '{{count}} minute between attempts',
  delay_other: '{{count}} minutes between attempts',
};

/** The table of what a student sees, and when. */
export const reviewGridTexts: English<typeof reviewGridTextsRu> = {
  title: 'What the student sees, and when',
  lead: 'The table counts if “As ticked in the table” is chosen above.',
  what: 'What',
  during:
    '“Meanwhile” adds a button “Check the answer” to each question: a checked answer stays as it is, unless the question has a price for another try.',
  phase: {
    during: 'Meanwhile',
    after: 'Two minutes after',
    open: 'Later, while open',
    closed: 'After closing',
  },
  thing: {
    attempt: 'Questions and own answers',
    correct: 'Right or wrong',
    maximum: 'Points that could be had',
    marks: 'Points reached',
    specific: 'Feedback on the own answer',
    general: 'Feedback on the question',
    answer: 'Right answer',
    overall: 'Words for the whole',
  },
};

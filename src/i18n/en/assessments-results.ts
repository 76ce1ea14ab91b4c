import type { English } from '../english.js';
import type {
  consultationTexts as consultationTextsRu,
  messageTexts as messageTextsRu,
  resultExportTexts as resultExportTextsRu,
  sheetTexts as sheetTextsRu,
} from '../ru/assessments-results.js';

export const messageTexts: English<typeof messageTextsRu> = {
  title: 'Message to students',
  open: 'Write to those in the list',
  text: 'Message',
  hint: 'Goes to each of them alone, the way they chose to be told',
  to: 'To ({{count}})',
  none: 'The list is empty.',
  send: 'Send',
};

export const sheetTexts: English<typeof sheetTextsRu> = {
  title: 'Sheet of grades',
  open: 'Sheet to print',
  organisation: 'Organisation',
  course: 'Course',
  test: 'Assessment',
  group: 'Group',
  teacher: 'Teacher',
  date: 'Date',
  name: 'Surname and given names',
  signature: 'Teacher’s signature',
  show: 'Show',
  total: 'In this sheet',
  teacherSigns: 'Teacher',
  headSigns: 'Head',
  signed: 'signature',
  initials: 'name',
  print: 'Print the page from your browser (Ctrl+P): menus and buttons are left out.',
  grade: {
    five5: 'excellent',
    five4: 'good',
    five3: 'satisfactory',
    five2: 'unsatisfactory',
    passed: 'passed',
    failed: 'failed',
    absent: 'did not take it',
  },
};

export const resultExportTexts: English<typeof resultExportTextsRu> = {
  title: 'Attempts as a file',
  open: 'All attempts as a file',
  name: 'Attempts',
  lead: 'One attempt to a row: times, points, and the points of each question. The file is made in the background; you may close this page.',
  make: { xlsx: 'Make an Excel file', csv: 'Make a CSV file' },
  startedAt: 'Started',
  finishedAt: 'Finished',
  percent: 'Per cent',
  question: 'Question {{number}}',
  states: {
    running: 'In progress',
    waiting: 'Waits to be marked',
    done: 'Finished',
    abandoned: 'Not counted: time was over',
  },
};

export const consultationTexts: English<typeof consultationTextsRu> = {
  title: 'Take it to a consultation',
  lead_one: '{{count}} question goes along with the booking: the teacher sees it with your answer.',
  lead_other: '{{count}} questions go along with the booking: the teacher sees them with your answers.',
  times: 'Next free times',
  none: 'No time is free now. Look again later, or ask the teacher a question.',
  book: 'Choose',
  all: 'All consultations of the course',
};

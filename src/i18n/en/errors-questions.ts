import type { English } from '../english.js';
import type { questionErrors as ruErrors, questionFields as ruFields } from '../ru/errors-questions.js';

export const questionFields: English<typeof ruFields> = {
  noSuchTime: 'This time does not exist that night: the clocks change',
  tableUnreadable: 'It is neither an XLSX table nor a CSV text, or it is damaged',
  tableTooLong: 'The table has too many rows: import it in parts',
  nothingToImport: 'No row was understood: look at the columns',
  tooManyClasses: 'There are more than 5,000 classes: shorten the period or split the file',
  classTimeTaken: 'The time is taken: the teacher or the room has a class then',
  questionClosed: 'The question was closed while you wrote: the message was not sent',
  reportTooLong: 'A report covers three years at most',
};

export const questionErrors: English<typeof ruErrors> = {
  'mail-off': {
    title: 'Mail is not set up',
    text: 'The administrator has not connected a mail server yet, so no letters can be sent.',
  },
  'mailing-often': {
    title: 'Too many letters for one day',
    text: 'A course can be written to ten times a day. Try again tomorrow.',
  },
  'class-time-taken': {
    title: 'The time is taken',
    text: 'The teacher or the room has a class then. Choose another time.',
  },
  'import-begun': {
    title: 'It is being imported already',
    text: 'These classes are being added or have been added.',
  },
  'table-unreadable': {
    title: 'The file cannot be read',
    text: 'It is neither an XLSX table nor a CSV text, or it is damaged.',
  },
  'table-too-long': {
    title: 'The table is too large',
    text: 'Import it in parts.',
  },
  'sign-in-over': {
    title: 'The link no longer works',
    text: 'It was used, or its time has passed. Ask for a new one.',
  },
  'staff-sign-in-needed': {
    title: 'Sign-in needed',
    text: 'Open /staff and ask for a sign-in link.',
  },
  'limited-session': {
    title: 'The link opens one page only',
    text: 'To open more, enter the course through the LMS.',
  },
  'question-closed': {
    title: 'The question is closed',
    text: 'It takes no more messages. The student can open it again.',
  },
  'question-taken': {
    title: 'The question is taken',
    text: 'Another teacher is answering it.',
  },
  'question-no-consent': {
    title: 'There is no permission',
    text: 'The student has not allowed this question to be published.',
  },
  'question-unanswered': {
    title: 'There is no answer yet',
    text: 'Answer first, then publish.',
  },
};

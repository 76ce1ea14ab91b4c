import type { English } from '../english.js';
import type {
  drawTexts as drawTextsRu,
  givenTexts as givenTextsRu,
  timelineTexts as timelineTextsRu,
  pageTexts as pageTextsRu,
} from '../ru/assessments-more.js';

export const drawTexts: English<typeof drawTextsRu> = {
  title: 'Random questions',
  lead: 'Each attempt has its own questions of a category or with a tag.',
  tag: 'Tag',
  any: 'Empty: any',
  anyCategory: 'any category',
  count: 'How many questions',
  mark: 'Points for each',
  add: 'Add random questions',
  of_one: '{{count}} question of:',
  of_other: '{{count}} questions of:',
};

export const givenTexts: English<typeof givenTextsRu> = {
  new: 'Marks by hand',
  open: 'Give marks',
  open2: 'Marks by hand',
  about:
    'A column of its own in the gradebook for what was tested by other means: an oral answer, another service, work in class.',
  titleHint: 'For example: Oral exam',
  maximum: 'Maximum',
  create: 'Create',
  back: 'To the test',
  lead: 'The teacher gives the points; they go to the gradebook as those of tests do.',
  draft: 'A draft: students see the marks once you publish it.',
  why: 'Note',
  pointsOf: 'Points: {{name}}',
  whyOf: 'Note: {{name}}',
  byTeacher: 'The teacher gives the points.',
};

export const timelineTexts: English<typeof timelineTextsRu> = {
  title: 'Course of the attempt',
  lead: 'Information for the teacher. By itself it proves nothing.',
  started: 'started',
  saved: 'answer saved last',
  left: 'the page lost the focus',
  back: 'the page got the focus again',
  pace: 'Usually {{median}} s between answers; the quickest was question {{question}}: {{shortest}} s.',
  pasted: 'a text was pasted',
  seen: 'address and browser',
  finished: {
    student: 'finished by the student',
    time: 'ended by its time',
    teacher: 'mark given',
  },
  mark: {
    auto: 'mark',
    hand: 'marked by hand',
    regrade: 'regraded',
    dropped: 'question dropped',
    full: 'full marks for everybody',
  },
  reopen: 'Reopen the attempt',
};

export const pageTexts: English<typeof pageTextsRu> = {
  page: 'Page {{page}} of {{count}}',
  previous: 'Back',
  next: 'Next',
};

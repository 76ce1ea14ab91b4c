import type { English } from '../english.js';
import type { assessmentErrors as ruErrors, assessmentFields as ruFields } from '../ru/errors-assessments.js';

export const assessmentErrors: English<typeof ruErrors> = {
  'import-not-done': { title: 'The import is not finished', text: 'Only what has been added can be undone.' },
  'test-not-published': {
    title: 'This test is not open yet',
    text: 'A teacher is preparing it. Check back later.',
  },
  'test-not-open': { title: 'This test is not open yet', text: 'Its page says when it opens.' },
  'test-closed': { title: 'This test is closed', text: 'No new attempt can be started.' },
  'no-attempts-left': { title: 'No attempts left', text: 'All attempts have been used.' },
  'attempt-role': {
    title: 'Tests are taken by students',
    text: 'To see it as a student does, open the preview on the test’s page.',
  },
  'attempt-over': {
    title: 'Time is up',
    text: 'The attempt is closed. Answers saved in time count; this one came later.',
  },
  'attempts-capped': {
    title: 'Too many attempts',
    text: 'More than a hundred attempts at one test cannot be started.',
  },
  'attempt-removed': { title: 'The attempt is removed already', text: 'Another teacher has removed it.' },
  'attempt-finished': { title: 'The attempt is finished', text: 'Its answers can no longer be changed.' },
  'attempt-overdue': {
    title: 'The time is over',
    text: 'Answers no longer change. The attempt can still be finished with those that are saved.',
  },
  'attempt-abandoned': {
    title: 'The time is over',
    text: 'The attempt was not finished in time and does not count. Ask the teacher.',
  },
  'no-more-hints': { title: 'No more hints', text: 'All hints of this question are shown already.' },
  'mark-changed': {
    title: 'The response is marked already',
    text: 'Another person marked this response meanwhile. Check it and save once more.',
  },
  'regrade-outdated': {
    title: 'The list of changes is out of date',
    text: 'The test has changed since, or a regrade has begun. Nothing was changed: look at the list again.',
  },
  'rubric-changed': {
    title: 'The rubric was changed',
    text: 'Somebody else saved it while you were at it. Look at it and save again.',
  },
  'second-own': {
    title: 'This is your mark',
    text: 'A second opinion comes from another teacher, and of a response that is marked.',
  },
  'attempt-delayed': {
    title: 'Too early',
    text: 'There is a pause between attempts. The page of the test says when the next may be started.',
  },
  'network-refused': {
    title: 'This test does not open here',
    text: 'This test is answered only from a network that the teacher has named. Your address {{address}} is not in it. Saved answers are safe.',
  },
  'wrong-access-code': { title: 'The code does not fit', text: 'Ask the teacher for the code.' },
  'draw-too-few': {
    title: 'Too few questions',
    text: 'The bank has fewer questions than the test needs. Tell the teacher.',
  },
  'test-given': { title: 'There are no questions', text: 'The teacher gives the points for this.' },
  'page-passed': {
    title: 'The page is passed',
    text: 'This test knows no way back to earlier pages. The answers there are saved.',
  },
  'attempt-no-time': {
    title: 'The time of the attempt is over',
    text: 'First give the student more time among the individual terms.',
  },
  'attempt-not-reopened': {
    title: 'The attempt cannot be reopened',
    text: 'The student has finished it, or has another one open.',
  },
  'answer-stale': {
    title: 'Changed in another window',
    text: 'This answer has been changed in another window or on another device. Reload the page.',
  },
  'answer-checked': {
    title: 'Already checked',
    text: 'A checked answer stays as it is. The other answers are saved.',
  },
  'check-not-offered': {
    title: 'Nothing to check',
    text: 'Answers of this test are marked when it is finished.',
  },
  'test-empty': { title: 'The test has no questions', text: 'Add at least one, then publish it.' },
  'test-needs-question': {
    title: 'This is the last question',
    text: 'A published test cannot be without questions. Unpublish it first.',
  },
  'test-published': { title: 'The test is published', text: 'To delete it, unpublish it first.' },
  'test-too-long': { title: 'Too many questions', text: 'One test holds {{most}} questions.' },
  'test-changed': {
    title: 'The settings have changed',
    text: 'While you edited them, another person saved them. Check and save once more.',
  },
  'question-changed': {
    title: 'The question has changed',
    text: 'While you edited it, another person saved it. Check and save once more.',
  },
};

export const assessmentFields: English<typeof ruFields> = {
  twoOptions: 'At least two answers are needed',
  sameOptions: 'Some answers are the same',
  rightMissing: 'Mark the right answer',
  onlyOneRight: 'Only one can be right',
  twoPairs: 'At least two pairs are needed',
  badPattern: 'The expression cannot be read',
  noGaps: 'There is no gap [[…]]',
  badGap: 'One of the gaps cannot be read',
  pictureMissing: 'A picture is needed',
  twoAreas: 'At least two areas are needed',
  badArea: 'The coordinates of one area cannot be read',
  mediaType: 'A picture (PNG, JPEG, GIF, WebP, SVG) or an audio recording is needed',
  badVariable: 'Write it as a = 1 … 10',
  badFormula: 'The formula gives no number',
  answerChecked: 'This answer is checked and stays as it is',
  reviewNeedsClosing: 'Say when the test closes: nothing is shown before that',
  thresholds: 'Three rising numbers from 0 to 100 are needed',
  bands: 'Each line begins with a percentage: 80 % Excellent',
  levelsMissing: 'Choose a level of each criterion, or type the points',
  secondOwn: 'A second opinion comes from another teacher',
  overMaximum: 'More than the question gives',
  regradeOutdated:
    'Nothing was changed: the test has changed since the list was made, or a regrade has begun',
  markChanged: 'Another person has just marked this response. Save once more to keep your mark',
  accessCode: 'The code does not fit',
  networks: 'One of the networks cannot be read: it should look like 192.0.2.0/24',
  pledge: 'State this to begin',
  notYourAssociation: 'You belong to no such association',
  drawTooFew: 'The bank has not so many questions that fit',
  notNumber: 'A number is needed, such as 2.5',
  changed: 'While you edited this, another person saved it. Save once more to keep yours.',
  answerStale: 'This answer was changed in another window. Yours is shown; save once more to keep it.',
};

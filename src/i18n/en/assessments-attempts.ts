import type { English } from '../english.js';
import type { attemptTexts as attemptTextsRu } from '../ru/assessments-attempts.js';
import { startTexts } from './assessments-settings.js';
import { pictureAnswerTexts } from './assessments-bank.js';
import { pageTexts } from './assessments-more.js';
import { answeringTexts, reviewTexts } from './assessments-questions.js';

export const attemptTexts: English<typeof attemptTextsRu> = {
  start: {
    ...startTexts,
    button: 'Start',
    again: 'Start a new attempt',
    clock: 'The clock starts at once and does not stop, even if you close the page.',
    left_one: '{{count}} attempt left.',
    left_other: '{{count}} attempts left.',
    running: 'You have an unfinished attempt. Your answers are saved.',
    notYet: 'This test is not open yet.',
    closed: 'This test is closed.',
    noneLeft: 'You have used all attempts.',
    attempts: 'Your attempts',
  },
  attempt: {
    ...answeringTexts,
    ...pictureAnswerTexts,
    ...pageTexts,
    number: 'Attempt {{number}}',
    question: 'Question {{number}} of {{count}}',
    answer: 'Answer to question {{number}}',
    left: 'Time left:',
    until: 'until',
    finish: 'Finish',
    save: 'Save answers',
    sure: 'Yes, finish',
    check: 'Check the answer',
    checked: 'Checked',
    tryAgain: 'You can answer again and check once more',
    tryAgainCost: 'You can answer again: −{{percent}} % of the points',
    problems: 'Not everything is saved: look at the marked questions.',
  },
  script: {
    finishLater: 'The test will finish by itself as soon as there is a connection. Do not close the page.',
    days: '{days} d',
    saved: 'Answers saved',
    saving: 'Saving…',
    lost: 'No connection. Your answers are kept in this browser and will be sent; do not close the page.',
    signedOut:
      'You are signed out. Open the test from the course again: your answers are kept in this browser.',
    elsewhere:
      'Answers are not taken from this network. They are kept in this browser and will be sent when you are back in a network that the teacher has named.',
    ended: 'The attempt is finished. Opening the result…',
    stale: 'This answer was changed in another window.',
    unfit:
      'This answer is not saved: it is too long, or does not fit the question. Change it, or reload the page.',
    mine: 'Keep mine',
    theirs: 'Use the other',
    left: 'Not answered: {list}. Finish?',
    only: 'There is only one attempt: after finishing, answers cannot be changed. Finish?',
    last: 'This is the last attempt: after finishing, answers cannot be changed. Finish?',
  },
  review: {
    ...reviewTexts,
    rule: {
      score: 'Points only',
      marks: 'Points, and which answers were right',
      answers: 'Points and the right answers',
      later: 'Nothing until the test has closed',
      custom: 'As ticked in the table below',
    },
    hidden: 'Your answers are in. You will see the points later.',
    moreAt: 'More is shown once the test has closed:',
    back: 'Back to the test',
    byTime: 'Time ran out',
    open: 'The attempt is not finished. Answers so far:',
    of: 'of {{maximum}}',
    gradebook: 'Gradebook',
    noGradebook: 'The grade reaches the gradebook once the test is placed into the course',
    scoreOnly: 'This test shows points only.',
    chosen: 'chosen',
    rightOption: 'right',
    needed: 'should be: {{answer}}',
    given: 'Answer:',
    empty: 'no answer',
    accepted: 'Right answer:',
    notNumber: 'does not look like a number',
    answerResult: {
      right: 'Right',
      partly: 'Partly',
      wrong: 'Wrong',
      none: 'No answer',
      waiting: 'Waits to be marked',
    },
  },
};

import type { English } from '../english.js';
import type { certaintyTexts as ruTexts } from '../ru/assessments-certainty.js';

export const certaintyTexts: English<typeof ruTexts> = {
  ask: 'How sure are you of this answer?',
  level: {
    0: 'not said',
    1: 'not sure',
    2: 'fairly sure',
    3: 'sure',
  },
  worth: 'right +{{right}}, wrong −{{cost}}',
  safe: 'right +{{right}}, wrong 0',
  title: 'Certainty',
  answers: 'Answers',
  right: 'Right',
  rule: 'Say with each answer how sure you are of it: sure and right earns all points, sure and wrong takes twice as many. What is not said counts as “not sure”',
  setting: 'Ask how sure the student is of each answer',
  settingHint:
    'A right answer earns 1/3, 2/3 or all of the points, a wrong one takes 0, 2/3 or twice as many. The total is never below zero. Attempts that have started do not change',
  statistics:
    'How often each level was chosen, and what share of those answers was right: students who judge themselves well are right more often where they are sure',
  export:
    'The file holds the questions. Settings of the test, the question about certainty among them, stay here.',
};

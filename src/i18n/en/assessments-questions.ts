import type { English } from '../english.js';
import type {
  questionTexts as questionTextsRu,
  answeringTexts as answeringTextsRu,
  fileTexts as fileTextsRu,
  reviewTexts as reviewTextsRu,
} from '../ru/assessments-questions.js';

export const questionTexts: English<typeof questionTextsRu> = {
  details: 'Name, format, category, hints',
  name: 'Name',
  nameHint: 'By it the question is easy to find in the bank. Students do not see it.',
  format: 'How the text is written',
  formatHint:
    'LaTeX formulas: $$x^2$$ on a line of its own, $x^2$ or \\(x^2\\) within the line. Code in Markdown: ``` above and below',
  formats: {
    plain: 'Plain text',
    markdown: 'Markdown',
    html: 'HTML',
  },
  category: 'Category',
  categoryHint: 'For example: Algebra / Equations',
  tags: 'Tags',
  tagsHint: 'Parted by commas',
  hints: 'Hints',
  hintsHint: 'One to a line. The student opens them one after another.',
  hintPenalty: 'Cost of a hint, %',
  hintPenaltyHint: 'How much of the points each takes off',
  tryPenalty: 'Cost of another try, %',
  tryPenaltyHint:
    'Where answers are checked meanwhile: a wrong one may be given again for this share of the points. Empty: a checked answer stays as it is',
  optionDetails: 'Shares of the points and feedback for each answer',
  worthHint:
    'Share of the points in per cent; wrong answers may have a negative one. Empty: by the usual rule.',
  worthNumber: 'Answer {{number}}: share, %',
  remarkNumber: 'Answer {{number}}: feedback',
  digits: 'in significant digits',
  moreRows: 'More rows',
  body: 'Text with gaps',
  distractorsHint: 'One to a line',
  remarks: 'Feedback on answers',
  remarksHint: 'One to a line: answer # feedback. The answer may be a wrong one; * means any other.',
  notes: 'For those who mark',
  notesHint: 'Criteria and a model answer. The student does not see them.',
};

export const answeringTexts: English<typeof answeringTextsRu> = {
  gap: 'Gap {{number}}',
  hint: 'Hint ({{count}} left)',
  hintCost: '−{{percent}} % of the points',
};

export const fileTexts: English<typeof fileTextsRu> = {
  none: 'No files yet.',
  number: 'File {{number}}',
  title: 'Files of question {{number}}',
  upload: 'Upload',
  choose: 'File',
  back: 'Back to the questions',
  remove: 'Remove',
  limit: 'At most {{megabytes}} MB each, {{count}} in all.',
};

export const reviewTexts: English<typeof reviewTextsRu> = {
  missed:
    'Not all went well: questions {{list}}. Take them to a consultation: they go along with the booking.',
  consultation: 'Book a consultation',
  digits: '({{digits}} significant digits)',
  comment: 'The teacher’s comment:',
  treatment: {
    dropped: 'The question is out of the count.',
    full: 'Everybody has full marks for this question.',
  },
  tries_one: '{{count}} try before this answer',
  tries_other: '{{count}} tries before this answer',
  hints_one: '{{count}} hint taken',
  hints_other: '{{count}} hints taken',
  waiting_one: '{{count}} answer waits to be marked. The score is not complete.',
  waiting_other: '{{count}} answers wait to be marked. The score is not complete.',
};

import type { English } from '../english.js';
import type {
  typeNames as typeNamesRu,
  trueFalse as trueFalseRu,
  questionTexts as questionTextsRu,
  answeringTexts as answeringTextsRu,
  fileTexts as fileTextsRu,
  reviewTexts as reviewTextsRu,
} from '../ru/assessments-questions.js';

export const typeNames: English<typeof typeNamesRu> = {
  single: 'One answer',
  multiple: 'Several answers',
  truefalse: 'True or false',
  short: 'Word or phrase',
  numerical: 'Number',
  matching: 'Matching',
  ordering: 'Ordering',
  cloze: 'Gaps in a text',
  dragwords: 'Words into gaps',
  dragimage: 'Captions on a picture',
  hotspot: 'Area of a picture',
  calculated: 'Calculation',
  essay: 'Essay',
  file: 'File',
};

export const trueFalse: English<typeof trueFalseRu> = {
  true: 'True',
  false: 'False',
  null: 'no answer',
};

export const questionTexts: English<typeof questionTextsRu> = {
  details: 'Format, category, hints',
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
  statementIs: 'The statement is',
  ifTrue: 'Feedback to the answer “True”',
  ifFalse: 'Feedback to the answer “False”',
  patterns: 'The answers are regular expressions',
  digits: 'in significant digits',
  units: 'Units',
  unitsHint: 'One to a line: m = 1, km = 1000. Empty: a number alone.',
  unitPenalty: 'Taken off without a unit, %',
  unitPenaltyHint: '0: the unit may be left out',
  calculatedHint: 'Numbers in the question are written in braces: {a}. Each attempt has its own.',
  variables: 'Numbers',
  variablesHint: 'One to a line: a = 1 … 10; after a semicolon the number of decimals: b = 0.5 … 2; 1',
  formula: 'Formula of the answer',
  formulaHint: 'For example: (a + b) / 2. There are sqrt, sin, log, PI, powers by ^.',
  pairs: 'Pairs',
  pairsHint:
    'On the left what is to be matched, on the right its answer. A row without a left part adds an answer that fits nothing.',
  promptNumber: 'Pair {{number}}: left',
  pairNumber: 'Pair {{number}}: answer',
  moreRows: 'More rows',
  items: 'Items in the right order',
  itemsHint: 'The student sees them shuffled.',
  itemNumber: 'Item {{number}}',
  credit: 'What earns points',
  credits: {
    places: 'For each at its place',
    all: 'Only for an order without a fault',
  },
  body: 'Text with gaps',
  clozeHint:
    'A gap stands in double square brackets: [[Moscow | 50 % Moskva]] is typed, [[# 3.14 ± 0.01]] is a number, [[+yes / no]] is chosen, the right one with a plus.',
  dragWordsHint:
    'The word to be put in stands in double square brackets: The Volga flows into the [[Caspian]] Sea.',
  distractors: 'Words that fit nowhere',
  distractorsHint: 'One to a line',
  lines: 'Lines of the field',
  leastWords: 'At least words',
  mostWords: 'At most words',
  notes: 'For those who mark',
  notesHint: 'Criteria and a model answer. The student does not see them.',
  mostFiles: 'How many files',
};

export const answeringTexts: English<typeof answeringTextsRu> = {
  choose: 'Choose',
  order: 'Give each its place.',
  gap: 'Gap {{number}}',
  units: 'Units: {{units}}',
  hint: 'Hint ({{count}} left)',
  hintCost: '−{{percent}} % of the points',
  leastWords_one: 'At least {{count}} word.',
  leastWords_other: 'At least {{count}} words.',
  mostWords_one: 'At most {{count}} word.',
  mostWords_other: 'At most {{count}} words.',
};

export const fileTexts: English<typeof fileTextsRu> = {
  none: 'No files yet.',
  add: 'Attach a file',
  change: 'Change the files',
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
  rightOrder: 'The right order:',
  digits: '({{digits}} significant digits)',
  comment: 'The teacher’s comment:',
  treatment: {
    dropped: 'The question is out of the count.',
    full: 'Everybody has full marks for this question.',
  },
  words_one: '{{count}} word',
  words_other: '{{count}} words',
  tries_one: '{{count}} try before this answer',
  tries_other: '{{count}} tries before this answer',
  hints_one: '{{count}} hint taken',
  hints_other: '{{count}} hints taken',
  waiting_one: '{{count}} answer waits to be marked. The score is not complete.',
  waiting_other: '{{count}} answers wait to be marked. The score is not complete.',
};

import type { English } from '../english.js';
import type {
  markingTexts as markingTextsRu,
  regradeTexts as regradeTextsRu,
  statisticsTexts as statisticsTextsRu,
  scaleTexts as scaleTextsRu,
  rubricTexts as rubricTextsRu,
} from '../ru/assessments-marking.js';

export const markingTexts: English<typeof markingTextsRu> = {
  title: 'Marking',
  open: 'Marking',
  empty: 'All responses are marked.',
  lead: 'Names are hidden; the order is by chance and always the same.',
  byQuestion: 'By question',
  byWork: 'By work',
  work: 'Work {{number}}',
  mark: 'Mark: {{count}}',
  waiting: 'waiting: {{count}}',
  response: 'Response',
  points: 'Points (0 to {{maximum}})',
  pointsHint: 'Enter saves and opens the next response',
  comment: 'Comment to the student',
  commentHint: 'Seen together with the points',
  save: 'Save and go on',
  standing: 'This response has a mark already: {{points}}.',
  change: 'Change the mark',
  said: 'An earlier comment',
  saidNone: 'Choose one to insert it',
  second: 'Save as a second opinion',
  two: 'Two opinions',
  first: 'The first',
  other: 'The second',
  difference: 'Difference',
  waits_one: '{{count}} response waits to be marked',
  waits_other: '{{count}} responses wait to be marked',
};

export const regradeTexts: English<typeof regradeTextsRu> = {
  title: 'Regrade',
  open: 'Regrade',
  lead: 'Marks are worked out again by the questions as they are now. First see what would change. Marks given by hand stay.',
  underWay_one:
    '{{count}} attempt is under way: the regrade does not see it. Dropped questions count when it is finished, corrected ones if you regrade again.',
  underWay_other:
    '{{count}} attempts are under way: the regrade does not see them. Dropped questions count when they are finished, corrected ones if you regrade again.',
  more: 'And {{count}} more. All of them will be regraded.',
  faulty: 'Faulty questions',
  treatmentOf: 'How question {{number}} counts',
  treatment: {
    usual: 'Counts as usual',
    dropped: 'Out of the count',
    full: 'Full marks for everybody',
  },
  set: 'Apply',
  changes: 'Would change: {{count}} of {{all}}',
  none: 'Nothing to work out: all marks are so already.',
  questions: 'Questions',
  question: 'Question {{number}}',
  before: 'Before',
  after: 'After',
  why: 'Reason',
  whyHint: 'Is kept with the marks',
  commit: 'Regrade and send the grades',
};

export const statisticsTexts: English<typeof statisticsTextsRu> = {
  title: 'Statistics of the test',
  open: 'Statistics',
  empty: 'No attempt is finished yet.',
  lead_one: 'Over the first attempt of {{count}} student.',
  lead_other: 'Over the first attempts of {{count}} students.',
  mean: 'Mean',
  median: 'Median',
  deviation: 'Standard deviation',
  alpha: 'Reliability (Cronbach’s α)',
  error: 'Standard error',
  unknown: 'cannot be told yet',
  histogram: 'Distribution of results',
  asTable: 'As a table',
  share: 'Share of the points',
  students: 'Students',
  facility: 'Facility',
  facilityHint:
    'Mean share of the points of the question. Below 30 % it is too hard, above 90 % it tests next to nothing.',
  fifths: 'By fifths of the group',
  fifthsHint:
    'Fifths of the group: 1 the weakest by the whole test, 5 the strongest. The bars of a good question rise.',
  fifthsOf: 'Share of the points of question {{number}} by fifths of the group',
  fifth: 'Fifth',
  discrimination: 'Discrimination',
  question: 'Question',
  count: 'Responses',
  answer: 'Answer',
  earned: 'Earned',
  total: 'Result in the test',
};

export const scaleTexts: English<typeof scaleTextsRu> = {
  percentIs: '{{percent}} %',
  five: {
    '2': '2 (unsatisfactory)',
    '3': '3 (satisfactory)',
    '4': '4 (good)',
    '5': '5 (excellent)',
  },
  passed: 'passed',
  failed: 'not passed',
};

export const rubricTexts: English<typeof rubricTextsRu> = {
  title: 'Rubric',
  make: 'Set a rubric',
  change: 'Rubric',
  text: 'Criteria and levels',
  hint: 'A line with the criterion, its levels below: points and words. An empty line between criteria',
  example: 'Example',
  sample:
    'Understanding\n3 complete\n1 in part\n0 missing\n\nLanguage\n2 without mistakes\n1 one or two mistakes\n0 more mistakes',
  stands: 'What a marker sees',
  kept: 'If you change the rubric, marks that were given stay.',
  changed: 'The rubric was changed after this mark. The points stay; this is what they were given for:',
  pointsHint:
    'The levels make the points; you may change them. A digit chooses a level, Enter saves and opens the next response',
  line: 'Line {{line}}:',
  fault: {
    noTitle: 'A criterion begins with its name, not with points',
    noPoints: 'A level begins with its points: 3 complete',
    oneLevel: 'A criterion needs two levels at least',
    noMaximum: 'One level at least must have points',
    tooMany: 'No more than 20 criteria, and 10 levels of each',
  },
};

import { choiceFilter, defineList, textFilter } from '../../infra/lists/index.js';
import type { QuestionState } from './question.js';

/** What a list of questions shows. */
const SHOWN = ['waiting', 'overdue', 'answered', 'closed'] as const;
export type ShownQuestions = (typeof SHOWN)[number];

export const STATES_SHOWN: Readonly<Record<ShownQuestions, readonly QuestionState[]>> = {
  waiting: ['new', 'taken', 'reopened'],
  overdue: ['new', 'taken', 'reopened'],
  answered: ['answered'],
  closed: ['closed'],
};

/** Questions of a course for those who answer. */
export const questionsList = defineList({
  filters: {
    q: textFilter({ label: 'questions.search' }),
    state: choiceFilter({
      label: 'questions.state.label',
      choices: SHOWN,
      text: (state) => `questions.shown.${state}`,
    }),
    whose: choiceFilter({
      label: 'questions.whose.label',
      choices: ['mine', 'unread'],
      text: (whose) => `questions.whose.${whose}`,
    }),
  },
  sorts: {
    lastAt: { heading: 'questions.sort.lastAt', descendingFirst: true },
    dueAt: { heading: 'questions.sort.dueAt' },
  },
  order: '-lastAt',
  size: 30,
});

/** A student's own questions. */
export const ownQuestionsList = defineList({
  filters: { q: textFilter({ label: 'questions.search' }) },
  size: 30,
});

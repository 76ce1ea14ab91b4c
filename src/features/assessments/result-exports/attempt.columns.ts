import type { Column } from '../../../infra/export/index.js';
import { fullName, type PersonName } from '../../../shared/names.js';
import { isFinished, type AttemptState, type AttemptSummary } from '../attempts/attempt.js';
import { rounded } from '../marking/grading.js';

/** An attempt as a row of a file. */
export interface ExportedAttempt {
  readonly name: PersonName;
  /** Names of the groups that the person is in, "a, b". */
  readonly groups: string;
  readonly attempt: AttemptSummary;
  /** By key of the question; null where nothing is marked yet. */
  readonly points: ReadonlyMap<string, number | null>;
}

const STATES: Readonly<Record<AttemptState, 'running' | 'waiting' | 'done' | 'abandoned'>> = {
  inProgress: 'running',
  overdue: 'running',
  submitted: 'waiting',
  marking: 'waiting',
  marked: 'done',
  abandoned: 'abandoned',
};

/**
 * Columns of a test's attempts: one attempt to a row, then the points of each question.
 * @param keys of the questions, in the order of the test
 */
export const attemptColumns = (keys: readonly string[]): readonly Column<ExportedAttempt>[] => [
  {
    key: 'name',
    heading: 'assessments.results.person',
    kind: 'text',
    value: ({ name }, { t }) => fullName(name) || t('common.nameless'),
  },
  { key: 'groups', heading: 'roster.group.many', kind: 'text', value: ({ groups }) => groups },
  {
    key: 'attempt',
    heading: 'assessments.results.attempt',
    kind: 'number',
    value: ({ attempt }) => attempt.number,
  },
  {
    key: 'state',
    heading: 'assessments.results.state',
    kind: 'text',
    value: ({ attempt }, { t }) => t(`assessments.resultExport.states.${STATES[attempt.state]}`),
  },
  {
    key: 'startedAt',
    heading: 'assessments.resultExport.startedAt',
    kind: 'date',
    value: ({ attempt }) => attempt.startedAt,
  },
  {
    key: 'finishedAt',
    heading: 'assessments.resultExport.finishedAt',
    kind: 'date',
    value: ({ attempt }) => attempt.finishedAt,
  },
  {
    key: 'took',
    heading: 'assessments.results.took',
    kind: 'duration',
    value: ({ attempt }) => attempt.finishedAt && attempt.finishedAt.getTime() - attempt.startedAt.getTime(),
  },
  {
    key: 'score',
    heading: 'assessments.results.score',
    kind: 'number',
    value: ({ attempt }) => (isFinished(attempt) ? attempt.score : null),
  },
  {
    key: 'maximum',
    heading: 'assessments.results.maximum',
    kind: 'number',
    value: ({ attempt }) => attempt.maximum,
  },
  {
    key: 'percent',
    heading: 'assessments.resultExport.percent',
    kind: 'number',
    value: ({ attempt }) =>
      isFinished(attempt) && attempt.maximum > 0
        ? Math.round((1e4 * attempt.score) / attempt.maximum) / 100
        : null,
  },
  ...keys.map((key, place): Column<ExportedAttempt> => ({
    key: `question${place + 1}`,
    heading: 'assessments.resultExport.question',
    headingValues: { number: place + 1 },
    kind: 'number',
    value: ({ points }) => {
      const earned = points.get(key) ?? null;
      return earned === null ? null : rounded(earned);
    },
  })),
];

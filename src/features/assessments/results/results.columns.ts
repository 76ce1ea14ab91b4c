import type { Column } from '../../../infra/export/index.js';
import { fullName } from '../../../shared/names.js';
import { formatNumber } from '../../../web/format.js';
import { groupLabel } from '../../membership/index.js';
import { isOpen, type AttemptSummary } from '../attempts/attempt.js';
import type { Test } from '../tests/tests.store.js';
import { scaled, scaleText } from './scale.js';
import type { CourseStudentResult } from './results.service.js';

export const STUDENT_STATES = ['notStarted', 'running', 'finished'] as const;
export type StudentState = (typeof STUDENT_STATES)[number];

/** What a student is doing: a person who takes the test once more is running. */
export function stateOf({ attempts }: Pick<CourseStudentResult, 'attempts'>): StudentState {
  if (attempts.length === 0) return 'notStarted';
  return attempts.some(isOpen) ? 'running' : 'finished';
}

/** The attempt that says most about a student: the one that counts, or else the newest. */
const mainAttempt = ({ attempts, grade }: CourseStudentResult): AttemptSummary | null =>
  attempts.find(({ number }) => number === grade?.number) ?? attempts.at(-1) ?? null;

const tookOf = (attempt: AttemptSummary | null): number | null =>
  attempt?.finishedAt ? attempt.finishedAt.getTime() - attempt.startedAt.getTime() : null;

/**
 * Columns of a test's results, one student to a row.
 * @param test address of the test
 * @param scale of the test: how a grade is worded
 */
export const resultsColumns = (
  test: string,
  scale: Pick<Test, 'scale' | 'thresholds' | 'passPercent'>,
): readonly Column<CourseStudentResult>[] => [
  {
    key: 'name',
    heading: 'assessments.results.person',
    kind: 'text',
    value: ({ name }, { t }) => fullName(name) || t('common.nameless'),
    link: ({ personId, attempts }) => (attempts.length === 0 ? null : `${test}/people/${personId}`),
  },
  {
    key: 'groups',
    heading: 'roster.group.many',
    kind: 'text',
    value: ({ groups }, { t }) => groups.map((group) => groupLabel(group, t)).join(', '),
  },
  {
    key: 'attempts',
    heading: 'assessments.results.attempts',
    kind: 'number',
    value: ({ attempts }) => attempts.length,
  },
  {
    key: 'attempt',
    heading: 'assessments.results.attempt',
    kind: 'number',
    value: (student) => mainAttempt(student)?.number ?? null,
    shown: (student, { t }) => attemptText(student, t('assessments.results.counts')),
    link: (student) => {
      const attempt = mainAttempt(student);
      return attempt && `${test}/attempts/${attempt.id}`;
    },
  },
  {
    key: 'score',
    heading: 'assessments.results.score',
    kind: 'number',
    value: ({ grade }) => grade?.scoreGiven ?? null,
    shown: ({ grade }, { locale }) =>
      grade && `${formatNumber(grade.scoreGiven, locale)} / ${formatNumber(grade.scoreMaximum, locale)}`,
  },
  {
    key: 'grade',
    heading: 'assessments.results.grade',
    kind: 'text',
    value: ({ grade }, { t, locale }) =>
      grade &&
      (scaleText(scaled(scale, grade.scoreGiven, grade.scoreMaximum), t, (value) =>
        formatNumber(value, locale),
      ) ||
        null),
    // The grade's name makes no room for the state on an 800 px page.
    shown: ({ grade }) => {
      const found = grade && scaled(scale, grade.scoreGiven, grade.scoreMaximum);
      return found?.kind === 'five' ? String(found.value) : null;
    },
  },
  {
    key: 'maximum',
    heading: 'assessments.results.maximum',
    kind: 'number',
    value: ({ grade }) => grade?.scoreMaximum ?? null,
  },
  {
    key: 'finishedAt',
    heading: 'assessments.results.time',
    kind: 'date',
    value: ({ grade }) => grade?.submittedAt ?? null,
  },
  {
    key: 'took',
    heading: 'assessments.results.took',
    kind: 'duration',
    value: (student) => tookOf(mainAttempt(student)),
  },
  {
    key: 'state',
    heading: 'assessments.results.state',
    kind: 'text',
    value: (student, { t }) => t(`assessments.results.states.${stateOf(student)}`),
    tone: (student) => (stateOf(student) === 'running' ? 'wait' : null),
  },
];

/** "№ 2", and of several attempts, whether it is the one that counts. */
function attemptText(student: CourseStudentResult, counts: string): string | null {
  const attempt = mainAttempt(student);
  if (attempt === null) return null;
  const isCounted = student.attempts.length > 1 && student.grade?.number === attempt.number;
  return `№ ${attempt.number}${isCounted ? `, ${counts}` : ''}`;
}

/** Only in files: beside the others they would push the state out of an 800 px frame. */
const IN_FILES: readonly string[] = ['attempts', 'maximum', 'took'];

/** What the page shows of them. */
export const shownColumns = (
  columns: readonly Column<CourseStudentResult>[],
  hasGroups: boolean,
  hasScale: boolean,
): readonly Column<CourseStudentResult>[] =>
  columns.filter(
    ({ key }) => !IN_FILES.includes(key) && (hasGroups || key !== 'groups') && (hasScale || key !== 'grade'),
  );

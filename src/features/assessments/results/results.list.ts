import {
  choiceFilter,
  defineList,
  orderBy,
  recordFilter,
  textFilter,
  type SortValue,
  type Wanted,
} from '../../../infra/lists/index.js';
import { fullName, isFoundBy, nameWords } from '../../../shared/names.js';
import { z } from 'zod';
import { stateOf, STUDENT_STATES } from './results.columns.js';
import type { CourseStudentResult } from './results.service.js';

/** A course's students at one test. */
export const resultsList = defineList({
  filters: {
    q: textFilter({ label: 'assessments.results.person' }),
    state: choiceFilter({
      label: 'assessments.results.state',
      choices: STUDENT_STATES,
      text: (state) => `assessments.results.states.${state}`,
    }),
    group: recordFilter({
      label: 'roster.group.heading',
      any: 'roster.group.all',
      schema: z.string().max(255),
    }),
  },
  sorts: {
    name: { heading: 'assessments.results.person' },
    score: { heading: 'assessments.results.score', descendingFirst: true },
    finishedAt: { heading: 'assessments.results.time', descendingFirst: true },
    state: { heading: 'assessments.results.state' },
  },
  order: 'name',
  size: 40,
});

type WantedResults = Wanted<
  typeof resultsList.spec.filters,
  'name' | 'score' | 'finishedAt' | 'state',
  never
>;

const SORT_VALUES: Record<WantedResults['sort']['key'], (student: CourseStudentResult) => SortValue> = {
  name: ({ name }) => fullName(name),
  score: ({ grade }) => grade && (grade.scoreMaximum === 0 ? 0 : grade.scoreGiven / grade.scoreMaximum),
  finishedAt: ({ grade }) => grade?.submittedAt ?? null,
  state: (student) => STUDENT_STATES.indexOf(stateOf(student)),
};

/** Chooses and orders the students that are asked for. */
export function chosenStudents(students: readonly CourseStudentResult[], { filters, sort }: WantedResults) {
  const words = nameWords(filters.q ?? '');
  const ofGroup = students.filter(
    ({ groups }) => filters.group === undefined || groups.some(({ id }) => id === filters.group),
  );
  const chosen = ofGroup.filter(
    (student) =>
      (filters.state === undefined || stateOf(student) === filters.state) &&
      isFoundBy(fullName(student.name), words),
  );
  return { ofGroup, chosen: orderBy(chosen, SORT_VALUES[sort.key], sort.descending) };
}

import { localAt } from '../../shared/zoned.js';
import type { Programme } from '../directory/index.js';
import { figuresOf, groupFacts, type Fact, type Figures } from './figures.js';
import type { Grouping, ReportReader, ReportWish } from './report.js';
import { scopeOf, staffOf, type Staff, type Teacher } from './scope.js';

/** All that adding up needs besides the facts: plain values, for it may happen in a thread. */
export interface AddingUp {
  readonly reader: ReportReader;
  readonly wish: ReportWish;
  readonly teachers: readonly Teacher[];
  readonly programmes: readonly Programme[];
}

/** Figures under the keys of what they are of; names come later. */
export interface AddedUp {
  readonly total: Figures;
  readonly rows: readonly (readonly [key: string, Figures])[];
  readonly months: readonly (readonly [key: string, Figures])[];
}

/** @throws DomainError `forbidden` for a reader who answers for nothing */
export function addUp({ reader, wish, teachers, programmes }: AddingUp, facts: readonly Fact[]): AddedUp {
  const staff = staffOf(teachers);
  const own = facts.filter(scopeOf(reader, staff)).filter(chosenBy(wish, staff, programmes));
  const by = (grouping: Grouping) =>
    [...groupFacts(own, keysBy(grouping, wish.zone, staff, programmes))].map(
      ([key, group]) => [key, figuresOf(group)] as const,
    );
  return { total: figuresOf(own), rows: by(wish.by), months: by('month') };
}

/** Returns what tells which facts the filters leave. */
function chosenBy(wish: ReportWish, staff: Staff, programmes: readonly Programme[]) {
  const courses = programmes.find(({ id }) => id === wish.programme)?.courseIds;
  return (fact: Fact): boolean =>
    (wish.teacher === undefined || staff.keyOf(fact.teacherId) === wish.teacher) &&
    (wish.programme === undefined || (courses?.includes(fact.courseId) ?? false)) &&
    (wish.association === undefined ||
      staff.associationsOf(fact.teacherId).includes(wish.association) ||
      (fact.kind === 'question' && fact.associationId === wish.association));
}

/** Returns the keys of the groups that a fact counts in. */
function keysBy(by: Grouping, zone: string, staff: Staff, programmes: readonly Programme[]) {
  const keys: Record<Grouping, (fact: Fact) => readonly string[]> = {
    teacher: ({ teacherId }) => (teacherId === '' ? [] : [staff.keyOf(teacherId)]),
    association: (fact) =>
      fact.kind === 'question' && fact.associationId !== ''
        ? [fact.associationId]
        : staff.associationsOf(fact.teacherId),
    programme: ({ courseId }) =>
      programmes.filter(({ courseIds }) => courseIds.includes(courseId)).map(({ id }) => id),
    course: ({ courseId }) => [courseId],
    month: ({ at }) => [localAt(at, zone).slice(0, 7)],
  };
  // What belongs to nothing has a row as well: no figure of the total is missing in the rows.
  return (fact: Fact): readonly string[] => {
    const found = keys[by](fact);
    return found.length > 0 ? found : [''];
  };
}

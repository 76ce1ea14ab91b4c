import { forbidden } from '../../shared/errors.js';
import { fullName } from '../../shared/names.js';
import type { Organisation } from '../directory/index.js';
import type { Fact } from './figures.js';
import type { ReportReader } from './report.js';

/** Teachers of the centre by person: several persons of one card are one teacher. */
export interface Staff {
  readonly keyOf: (personId: string) => string;
  readonly associationsOf: (personId: string) => readonly string[];
  readonly names: ReadonlyMap<string, string>;
}

export type Teacher = Awaited<ReturnType<Organisation['listTeachers']>>[number];

export function staffOf(teachers: readonly Teacher[]): Staff {
  const byPerson = new Map(teachers.flatMap((card) => card.personIds.map((id) => [id, card] as const)));
  return {
    keyOf: (personId) => byPerson.get(personId)?.cardId ?? personId,
    associationsOf: (personId) => byPerson.get(personId)?.associationIds ?? [],
    names: new Map(teachers.map(({ cardId, name }) => [cardId, fullName(name)])),
  };
}

/** What a fact belongs to. */
export type Belonging = Pick<Fact, 'courseId' | 'teacherId'> & { readonly associationId?: string };

/**
 * Returns what tells whether the reader answers for a fact.
 * @throws DomainError `forbidden` for a reader who answers for nothing
 */
export function scopeOf({ duties, courseId }: ReportReader, staff: Staff): (fact: Belonging) => boolean {
  if (duties.all) return () => true;
  const led = new Set(duties.associationIds);
  if (led.size === 0) {
    if (courseId === null) throw forbidden();
    return (fact) => fact.courseId === courseId;
  }
  return ({ teacherId, associationId = '' }) =>
    led.has(associationId) || staff.associationsOf(teacherId).some((id) => led.has(id));
}

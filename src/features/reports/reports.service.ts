import { DAY } from '../../shared/clock.js';
import { compareText } from '../../shared/collation.js';
import { badInput } from '../../shared/errors.js';
import { fullName } from '../../shared/names.js';
import { localAt } from '../../shared/zoned.js';
import type { Organisation, Programme } from '../directory/index.js';
import { readFacts, type FactsDeps } from './facts.js';
import { figuresOf, groupFacts, type Fact } from './figures.js';
import type {
  Grouping,
  Report,
  ReportChoices,
  ReportReader,
  ReportRow,
  ReportWish,
  UnaidedStudent,
} from './report.js';
import { readStaff, scopeOf, type Staff } from './scope.js';
import { listUnaided, type UnaidedDeps } from './unaided.js';

export interface ReportsDeps extends FactsDeps, UnaidedDeps {
  readonly organisation: Pick<Organisation, 'listTeachers' | 'listAssociations' | 'listProgrammes'>;
}

export interface ReportsService {
  /** @throws DomainError `bad-input` on `dayTo` for a period of more than three years */
  report(reader: ReportReader, wish: ReportWish): Promise<Report>;
  choices(reader: ReportReader): Promise<ReportChoices>;
  /** @throws DomainError `bad-input` on `dayTo` for a period of more than three years */
  unaided(reader: ReportReader, wish: ReportWish): Promise<UnaidedStudent[]>;
}

const LONGEST_MS = 3 * 366 * DAY;

/** What facts are grouped by. */
interface Directory {
  readonly staff: Staff;
  readonly programmes: readonly Programme[];
}

export function createReports(deps: ReportsDeps): ReportsService {
  async function namesFor(
    by: Grouping,
    keys: readonly string[],
    staff: Staff,
  ): Promise<ReadonlyMap<string, string>> {
    switch (by) {
      case 'teacher': {
        const unknown = keys.filter((key) => key !== '' && !staff.names.has(key));
        const people = unknown.length === 0 ? [] : await deps.people.findMany(unknown);
        return new Map([...staff.names, ...people.map(({ id, name }) => [id, fullName(name)] as const)]);
      }
      case 'association':
        return titlesOf(await deps.organisation.listAssociations());
      case 'programme':
        return titlesOf(await deps.organisation.listProgrammes());
      case 'course':
        return titlesOf(await deps.courses.listAll());
      case 'month':
        return new Map(keys.map((key) => [key, key]));
    }
  }

  async function rowsBy(
    by: Grouping,
    facts: readonly Fact[],
    zone: string,
    directory: Directory,
  ): Promise<ReportRow[]> {
    const groups = groupFacts(facts, keysBy(by, zone, directory));
    const names = await namesFor(by, [...groups.keys()], directory.staff);
    return [...groups]
      .map(([key, own]) => ({ key, name: names.get(key) ?? '', ...figuresOf(own) }))
      .sort((a, b) => compareText(a.name, b.name));
  }

  return {
    async report(reader, wish) {
      checkPeriod(wish);
      const [staff, programmes] = await Promise.all([
        readStaff(deps.organisation),
        deps.organisation.listProgrammes(),
      ]);
      const directory = { staff, programmes };
      const all = (await readFacts(deps, wish.from, wish.to)).filter(scopeOf(reader, staff));
      const facts = chosen(all, wish, directory);
      return {
        total: figuresOf(facts),
        rows: await rowsBy(wish.by, facts, wish.zone, directory),
        months: await rowsBy('month', facts, wish.zone, directory),
      };
    },

    async choices({ duties }) {
      const [teachers, associations, programmes] = await Promise.all([
        deps.organisation.listTeachers(),
        deps.organisation.listAssociations(),
        deps.organisation.listProgrammes(),
      ]);
      const led = (ids: readonly string[]): boolean =>
        duties.all ||
        duties.associationIds.length === 0 ||
        ids.some((id) => duties.associationIds.includes(id));
      return {
        associations: associations.filter(({ id }) => led([id])).map(({ id, title }) => [id, title] as const),
        programmes: programmes.map(({ id, title }) => [id, title] as const),
        teachers: teachers
          .filter(({ associationIds }) => led(associationIds))
          .map(({ cardId, name }) => [cardId, fullName(name)] as const),
      };
    },

    async unaided(reader, wish) {
      checkPeriod(wish);
      return listUnaided(deps, reader, wish);
    },
  };
}

function checkPeriod({ from, to }: ReportWish): void {
  if (to.getTime() - from.getTime() > LONGEST_MS) throw badInput({ dayTo: 'errors.field.reportTooLong' });
}

/** The facts that the filters leave. */
function chosen(facts: readonly Fact[], wish: ReportWish, { staff, programmes }: Directory): Fact[] {
  const courses = programmes.find(({ id }) => id === wish.programme)?.courseIds;
  return facts.filter(
    (fact) =>
      (wish.teacher === undefined || staff.keyOf(fact.teacherId) === wish.teacher) &&
      (wish.programme === undefined || (courses?.includes(fact.courseId) ?? false)) &&
      (wish.association === undefined ||
        staff.associationsOf(fact.teacherId).includes(wish.association) ||
        (fact.kind === 'question' && fact.associationId === wish.association)),
  );
}

/** Returns the keys of the groups that a fact counts in. */
function keysBy(by: Grouping, zone: string, { staff, programmes }: Directory) {
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
  return keys[by];
}

const titlesOf = (records: readonly { readonly id: string; readonly title: string }[]): Map<string, string> =>
  new Map(records.map(({ id, title }) => [id, title]));

import { DAY } from '../../shared/clock.js';
import { compareText } from '../../shared/collation.js';
import { badInput } from '../../shared/errors.js';
import { fullName } from '../../shared/names.js';
import { runInThread } from '../../shared/threads.js';
import type { CoursesStore } from '../membership/index.js';
import type { Organisation } from '../directory/index.js';
import { addUp, type AddedUp, type AddingUp } from './adding-up.js';
import { countFacts, readFacts, type FactsDeps } from './facts.js';
import type { Fact } from './figures.js';
import type {
  Grouping,
  Report,
  ReportChoices,
  ReportReader,
  ReportRow,
  ReportWish,
  UnaidedStudent,
} from './report.js';
import { scopeOf, staffOf, type Staff } from './scope.js';
import { listUnaided, type UnaidedDeps } from './unaided.js';

export interface ReportsDeps extends FactsDeps, UnaidedDeps {
  readonly questions: FactsDeps['questions'];
  readonly courses: UnaidedDeps['courses'] & Pick<CoursesStore, 'count'>;
  readonly organisation: Pick<Organisation, 'listTeachers' | 'listAssociations' | 'listProgrammes'>;
}

export interface ReportsService {
  /** Reads and adds up while the caller waits. @throws DomainError `bad-input` on `dayTo` as `sizeOf` */
  report(reader: ReportReader, wish: ReportWish): Promise<Report>;
  /**
   * As `report`, for many facts: they are read 200 at a time, and added up in a thread with limits.
   * @param tell notes how many are read
   * @throws ThreadError when it takes more memory or time than a report may
   */
  reportInThread(
    reader: ReportReader,
    wish: ReportWish,
    tell: (done: number) => Promise<void>,
  ): Promise<Report>;
  choices(reader: ReportReader): Promise<ReportChoices>;
  /** @throws DomainError `bad-input` on `dayTo` as `sizeOf` */
  unaided(reader: ReportReader, wish: ReportWish): Promise<UnaidedStudent[]>;
  /**
   * How many consultations, questions and courses a report reads.
   * @throws DomainError `bad-input` on `dayTo` for a period of more than three years
   */
  sizeOf(wish: ReportWish): Promise<number>;
}

const LONGEST_MS = 3 * 366 * DAY;
const MEMORY_MB = 256;
const MOST_MS = 10 * 60_000;
/** Progress is noted after so many facts. */
const NOTED_EACH = 2_000;

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

  async function named(by: Grouping, groups: AddedUp['rows'], staff: Staff): Promise<ReportRow[]> {
    const keys = groups.map(([key]) => key);
    const names = await namesFor(by, keys, staff);
    return groups
      .map(([key, figures]) => ({ by, key, name: names.get(key) ?? '', ...figures }))
      .sort((a, b) => Number(a.key === '') - Number(b.key === '') || compareText(a.name, b.name));
  }

  async function reportOf(
    reader: ReportReader,
    wish: ReportWish,
    add: (given: AddingUp) => Promise<AddedUp>,
  ): Promise<Report> {
    checkPeriod(wish);
    const [teachers, programmes] = await Promise.all([
      deps.organisation.listTeachers(),
      deps.organisation.listProgrammes(),
    ]);
    const staff = staffOf(teachers);
    // Refuses here; an error of the thread would have no code.
    scopeOf(reader, staff);
    const { total, rows, months } = await add({ reader, wish, teachers, programmes });
    return {
      total,
      rows: await named(wish.by, rows, staff),
      months: await named('month', months, staff),
    };
  }

  return {
    report: (reader, wish) =>
      reportOf(reader, wish, async (given) => {
        const facts: Fact[] = [];
        for await (const group of readFacts(deps, wish.from, wish.to)) facts.push(...group);
        return addUp(given, facts);
      }),

    reportInThread: (reader, wish, tell) =>
      reportOf(reader, wish, (data) =>
        runInThread<AddedUp>({
          entry: new URL('./adding-up-main', import.meta.url),
          ...{ data, memoryMb: MEMORY_MB, timeoutMs: MOST_MS },
          feed: told(readFacts(deps, wish.from, wish.to), tell),
        }),
      ),

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

    async sizeOf(wish) {
      checkPeriod(wish);
      const [facts, courses] = await Promise.all([
        countFacts(deps, wish.from, wish.to),
        deps.courses.count(),
      ]);
      return facts + courses;
    },
  };
}

function checkPeriod({ from, to }: ReportWish): void {
  if (to.getTime() - from.getTime() > LONGEST_MS) throw badInput({ dayTo: 'errors.field.reportTooLong' });
}

/** Passes groups of facts on, and tells now and then how many there were. */
async function* told(
  groups: AsyncIterable<readonly Fact[]>,
  tell: (done: number) => Promise<void>,
): AsyncGenerator<readonly Fact[]> {
  let [done, noted] = [0, 0];
  for await (const group of groups) {
    yield group;
    done += group.length;
    if (done - noted < NOTED_EACH) continue;
    noted = done;
    await tell(done);
  }
}

const titlesOf = (records: readonly { readonly id: string; readonly title: string }[]): Map<string, string> =>
  new Map(records.map(({ id, title }) => [id, title]));

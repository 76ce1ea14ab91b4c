import { platformName, type Lti } from '../../../lti/index.js';
import type { Clock } from '../../../shared/clock.js';
import { nameWords } from '../../../shared/names.js';
import type { Audit, AuditActor } from '../../../infra/audit/index.js';
import type {
  GradeEvent,
  GradeFilter,
  GradePlace,
  GradeRow,
  GradebookFeature,
} from '../../gradebook/index.js';
import type { MembershipFeature, Person } from '../../membership/index.js';

export interface GradeSyncDeps {
  readonly grades: Pick<GradebookFeature, 'scoreList'>;
  readonly membership: Pick<MembershipFeature, 'personQueries' | 'people'>;
  readonly lti: Pick<Lti, 'registrations'>;
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
}

/** What an administrator narrows the list to. */
export interface GradeWish {
  /** Beginnings of a person's names. */
  readonly q: string;
  readonly state?: GradeRow['state'] | undefined;
  readonly platform?: string | undefined;
  readonly course?: string | undefined;
}

/** A row beside what it speaks of; null where there is no record of it any more. */
export interface SyncedGrade {
  readonly row: GradeRow;
  readonly person: Person | null;
  readonly course: string;
  readonly platform: string;
}

export interface GradeList {
  readonly grades: readonly SyncedGrade[];
  readonly next: GradePlace | null;
  /** Registrations to choose from: id and name. */
  readonly platforms: readonly (readonly [id: string, name: string])[];
  /** Title of the course that was chosen. */
  readonly course: string | null;
  /** Platforms that are left alone for a while. */
  readonly heldBack: readonly { readonly platform: string; readonly until: Date }[];
}

/** How far sending many once more has come. */
export interface AgainProgress {
  /** Rows put in before this moment are meant. */
  readonly before: Date;
  readonly done: number;
  readonly left: number;
}

/** People that a name may stand for; more need a longer name. */
const MOST_PEOPLE = 200;
const MOST_WORDS = 6;

export interface GradeSyncService {
  list(wish: GradeWish, after: GradePlace | null): Promise<GradeList>;
  /** @throws DomainError `not-found` */
  find(id: string): Promise<SyncedGrade & { history: readonly GradeEvent[] }>;
  /** How many would be sent once more. */
  count(wish: GradeWish): Promise<number>;
  /** @throws DomainError `not-found` */
  again(by: AuditActor, id: string): Promise<void>;
  /**
   * Sends the next few hundred of those that match once more. A finished step stays finished if
   * this process ends: the same moment continues after it.
   * @param before null to begin
   * @param done how many went in the steps before
   */
  againStep(by: AuditActor, wish: GradeWish, before: Date | null, done: number): Promise<AgainProgress>;
}

export function createGradeSyncService({
  grades,
  membership,
  lti,
  audit,
  clock,
}: GradeSyncDeps): GradeSyncService {
  const { scoreList } = grades;

  async function filterOf({ q, state, platform, course }: GradeWish): Promise<GradeFilter> {
    const words = nameWords(q).slice(0, MOST_WORDS);
    const found =
      words.length === 0 ? null : await membership.personQueries.searchPeople(words, 0, MOST_PEOPLE);
    return {
      state,
      registrationId: platform,
      courseId: course,
      ...(found && { personIds: found.people.map(({ id }) => id) }),
    };
  }

  async function platformNames(): Promise<Map<string, string>> {
    const all = await lti.registrations.list();
    return new Map(all.map((item) => [item.id, platformName(item)]));
  }

  /** What the rows speak of. @returns by which each is described */
  async function describer(
    rows: readonly GradeRow[],
    platforms: Map<string, string>,
  ): Promise<(row: GradeRow) => SyncedGrade> {
    const [people, courses] = await Promise.all([
      membership.people.findMany([...new Set(rows.map(({ personId }) => personId))]),
      membership.personQueries.findCourses([...new Set(rows.map(({ courseId }) => courseId))]),
    ]);
    const byId = new Map(people.map((person) => [person.id, person]));
    const titles = new Map(courses.map(({ id, title }) => [id, title]));
    return (row) => ({
      row,
      person: byId.get(row.personId) ?? null,
      course: titles.get(row.courseId) ?? '',
      platform: platforms.get(row.registrationId) ?? '',
    });
  }

  return {
    async list(wish: GradeWish, after: GradePlace | null): Promise<GradeList> {
      const platforms = await platformNames();
      const { rows, next } = await scoreList.list(await filterOf(wish), after);
      const [chosen] =
        wish.course === undefined ? [] : await membership.personQueries.findCourses([wish.course]);
      return {
        grades: rows.map(await describer(rows, platforms)),
        next,
        platforms: [...platforms],
        course: wish.course === undefined ? null : (chosen?.title ?? ''),
        heldBack: scoreList.heldBack().map(({ registrationId, until }) => ({
          platform: platforms.get(registrationId) ?? '',
          until,
        })),
      };
    },

    async find(id: string): Promise<SyncedGrade & { history: readonly GradeEvent[] }> {
      const { row, history } = await scoreList.find(id);
      const describe = await describer([row], await platformNames());
      return { ...describe(row), history };
    },

    count: async (wish: GradeWish): Promise<number> => scoreList.count(await filterOf(wish)),

    async again(by: AuditActor, id: string): Promise<void> {
      const { row } = await scoreList.find(id);
      await scoreList.again(id);
      await audit.append({
        actor: by,
        action: 'grades-again',
        subject: { kind: 'grade', id, name: row.title },
        before: { state: row.state },
        after: { state: 'pending', count: '1' },
      });
    },

    async againStep(
      by: AuditActor,
      wish: GradeWish,
      before: Date | null,
      done: number,
    ): Promise<AgainProgress> {
      const filter = await filterOf(wish);
      const moment = before ?? clock.now();
      const count = await scoreList.againBefore(filter, moment);
      if (count > 0) {
        await audit.append({
          actor: by,
          action: 'grades-again',
          subject: { kind: 'grade', id: '', name: '' },
          after: {
            count: String(count),
            ...(wish.state !== undefined && { state: wish.state }),
            ...(wish.platform !== undefined && { platform: wish.platform }),
            ...(wish.course !== undefined && { course: wish.course }),
            // A name stands in no log.
            ...(wish.q !== '' && { name: '•••' }),
          },
        });
      }
      return { before: moment, done: done + count, left: await scoreList.count(filter, moment) };
    },
  };
}

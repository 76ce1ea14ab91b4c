import type { Lti } from '../../lti/index.js';
import { nameWords, type PersonName } from '../../shared/names.js';
import type { Role } from '../../shared/roles.js';
import type { LaunchRoom } from '../launch/index.js';

export interface PeopleDeps {
  readonly lti: Pick<Lti, 'registrations'>;
  readonly launch: Pick<LaunchRoom, 'census'>;
}

/** A person as the administrator's list shows them: no addresses, no telephone numbers. */
export interface FoundPerson {
  readonly id: string;
  readonly name: PersonName;
  /** Name of the platform that knows them. */
  readonly platform: string;
  readonly places: readonly { readonly course: string; readonly role: Role }[];
}

export interface PeoplePage {
  readonly people: readonly FoundPerson[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
}

const PAGE = 25;
/** Further on nobody leafs; a name finds sooner. */
export const MOST_PAGES = 400;
const MOST_WORDS = 6;

/** @param query words of a name; each finds what begins with it */
export async function findPeople(
  { lti, launch }: PeopleDeps,
  query: string,
  page: number,
): Promise<PeoplePage> {
  const words = nameWords(query).slice(0, MOST_WORDS);
  const { people, total } = await launch.census.searchPeople(words, (page - 1) * PAGE, PAGE);
  const memberships = await launch.census.membershipsOf(people.map(({ id }) => id));
  const [courses, registrations] = await Promise.all([
    launch.census.findCourses([...new Set(memberships.map(({ courseId }) => courseId))]),
    lti.registrations.list(),
  ]);
  const titles = new Map(courses.map(({ id, title }) => [id, title]));
  const platforms = new Map(registrations.map((one) => [one.id, one.name === '' ? one.issuer : one.name]));
  return {
    people: people.map(({ id, name, registrationId }) => ({
      id,
      name,
      platform: platforms.get(registrationId) ?? '',
      places: memberships
        .filter(({ personId }) => personId === id)
        .map(({ courseId, role }) => ({ course: titles.get(courseId) ?? '', role })),
    })),
    total,
    page,
    pages: Math.min(MOST_PAGES, Math.max(1, Math.ceil(total / PAGE))),
  };
}

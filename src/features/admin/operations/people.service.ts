import { platformName, type Lti } from '../../../lti/index.js';
import { notFound } from '../../../shared/errors.js';
import { nameWords, type PersonName } from '../../../shared/names.js';
import type { Role } from '../../../shared/roles.js';
import type { MembershipFeature, Person } from '../../membership/index.js';

export interface PeopleDeps {
  readonly lti: Pick<Lti, 'registrations'>;
  readonly membership: Pick<MembershipFeature, 'personQueries'>;
}

/** A person as the administrator's list shows them: no addresses, no telephone numbers. */
export interface FoundPerson {
  readonly id: string;
  readonly registrationId: string;
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
/** The last page that is offered; a search by name is quicker. */
export const MAX_PAGES = 400;
const MOST_WORDS = 6;

/** @param query words of a name; each finds what begins with it */
export async function findPeople(
  { lti, membership }: PeopleDeps,
  query: string,
  page: number,
): Promise<PeoplePage> {
  const words = nameWords(query).slice(0, MOST_WORDS);
  const { people, total } = await membership.personQueries.searchPeople(words, (page - 1) * PAGE, PAGE);
  return {
    people: await described({ lti, membership }, people),
    total,
    page,
    pages: Math.min(MAX_PAGES, Math.max(1, Math.ceil(total / PAGE))),
  };
}

/** @throws DomainError `person-not-found` */
export async function describePerson(
  deps: PeopleDeps,
  id: string,
): Promise<FoundPerson & { readonly email: string }> {
  const person = await deps.membership.personQueries.findPerson(id);
  const [found] = person === null ? [] : await described(deps, [person]);
  if (person === null || found === undefined) throw notFound('person-not-found');
  return { ...found, email: person.email };
}

async function described({ lti, membership }: PeopleDeps, people: readonly Person[]): Promise<FoundPerson[]> {
  const memberships = await membership.personQueries.membershipsOf(people.map(({ id }) => id));
  const [courses, registrations] = await Promise.all([
    membership.personQueries.findCourses([...new Set(memberships.map(({ courseId }) => courseId))]),
    lti.registrations.list(),
  ]);
  const titles = new Map(courses.map(({ id, title }) => [id, title]));
  const platforms = new Map(
    registrations.map((registration) => [registration.id, platformName(registration)]),
  );
  return people.map(({ id, name, registrationId }) => ({
    id,
    registrationId,
    name,
    platform: platforms.get(registrationId) ?? '',
    places: memberships
      .filter(({ personId }) => personId === id)
      .map(({ courseId, role }) => ({ course: titles.get(courseId) ?? '', role })),
  }));
}

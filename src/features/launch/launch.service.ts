import {
  CLAIM,
  centreRoleFrom,
  groupIdsIn,
  isPlatformAdministrator,
  MESSAGE,
  nameFrom,
  originsOf,
  platformWord,
  roleFrom,
  type VerifiedLaunch,
} from '../../lti/index.js';
import { SECOND, type Clock } from '../../shared/clock.js';
import type { ContentKind, ContentRef } from '../../shared/content.js';
import { conflict, forbidden } from '../../shared/errors.js';
import { cutText, oneLine } from '../../shared/lines.js';
import { webAddress } from '../../shared/origins.js';
import { atLeast } from '../../shared/roles.js';
import type { SessionIdentity } from '../../shared/session-identity.js';
import type { CopyingService } from './course-copy/course-copy.service.js';
import type { Course, CoursesStore, PeopleStore, Person, RosterSource } from '../membership/index.js';
import type { DeepLinkRequestsStore } from './deep-linking/deep-link-requests.store.js';
import type { LinksStore, ResourceLink } from './links.store.js';

export interface LaunchServiceDeps {
  readonly clock: Clock;
  readonly people: PeopleStore;
  readonly courses: CoursesStore;
  readonly links: LinksStore;
  readonly deepLinkRequests: DeepLinkRequestsStore;
  readonly copying: Pick<CopyingService, 'resolve' | 'stands'>;
  /** Kinds of content that links can open. */
  readonly kinds: () => readonly ContentKind[];
  /** Told where the course's roster is. */
  readonly onRoster: (source: RosterSource) => Promise<void>;
  /** Told of each person who has come in. */
  readonly onAdmitted: (courseId: string, personId: string) => Promise<void>;
  /** Subscribes to the platform's notices where the launch offers them; in the background. */
  readonly subscribe: (launch: VerifiedLaunch) => void;
  /** Whether a name is an IANA time zone. */
  readonly isZone: (name: unknown) => name is string;
}

/** A verified launch turned into our terms: who, where, and where to send the browser. */
export interface Admission {
  readonly identity: SessionIdentity;
  /** Path on our origin. */
  readonly to: string;
}

export interface LaunchService {
  /**
   * Takes in a verified launch: person, course, membership and link are found or made.
   * @throws DomainError `deep-linking-role` (403) when a student is sent to choose content
   */
  admit(launch: VerifiedLaunch): Promise<Admission>;
}

const LONGEST_RETURN = 2_000;

export function createLaunchService(deps: LaunchServiceDeps): LaunchService {
  return {
    async admit(launch) {
      const { claims, registration } = launch;
      const back = webAddress(claims[CLAIM.launchPresentation]?.return_url ?? '');
      const [person, course] = await Promise.all([
        upsertPerson(deps.people, launch),
        upsertCourse(deps.courses, launch, back),
      ]);
      deps.subscribe(launch);
      const role = roleFrom(claims[CLAIM.roles], registration.roles);
      const groups = groupIdsIn(platformWord(registration, claims[CLAIM.custom], 'groups'));
      const at = deps.clock.now();
      await deps.courses.enrolFromLaunch({
        ...{ courseId: course.id, personId: person.id, role, groups, at },
        centreRole: centreRoleFrom(claims[CLAIM.roles], registration.roles),
      });
      await deps.onAdmitted(course.id, person.id);
      const rosterUrl = claims[CLAIM.nrps]?.context_memberships_url;
      if (rosterUrl !== undefined) {
        await deps.onRoster({
          courseId: course.id,
          registrationId: registration.id,
          url: rosterUrl,
          resourceLinkId: claims[CLAIM.resourceLink]?.id ?? '',
          groupsUrl: claims[CLAIM.groups]?.context_groups_url ?? '',
          setsUrl: claims[CLAIM.groups]?.context_group_sets_url ?? '',
        });
      }
      const { locale, zone } = presentation(deps, launch);
      // As a browser would ask for it: what has no place in an address is escaped.
      const returnUrl = back !== null && back.href.length <= LONGEST_RETURN ? back.href : '';

      return {
        identity: {
          registrationId: registration.id,
          personId: person.id,
          name: person.name,
          ...(isPlatformAdministrator(claims[CLAIM.roles]) && {
            administrator: { at: claims.iat * SECOND, jwksUrl: registration.jwksUrl },
          }),
          course: {
            courseId: course.id,
            courseKey: course.key,
            courseTitle: course.title,
            launchedAt: at.getTime(),
            ...(locale !== undefined && { locale }),
            ...(zone !== undefined && { zone }),
            frameOrigins: frameOriginsOf(registration, back),
            ...(returnUrl !== '' && { returnUrl }),
          },
        },
        to: `/c/${course.key}/${await destination(deps, launch, { person, course, teaches: atLeast(role, 'teacher') })}`,
      };
    },
  };
}

function upsertPerson(people: PeopleStore, { claims, registration }: VerifiedLaunch): Promise<Person> {
  return people.upsertFromLaunch({
    registrationId: registration.id,
    sub: claims.sub,
    name: nameFrom({
      ...claims,
      customMiddleName: platformWord(registration, claims[CLAIM.custom], 'middle_name'),
    }),
    email: claims.email?.slice(0, 320) ?? '',
  });
}

/**
 * Returns the origins that may frame the course's pages.
 * @param back where the platform takes the person back to its course; null if it names no such address
 */
function frameOriginsOf(registration: VerifiedLaunch['registration'], back: URL | null): readonly string[] {
  const origins = originsOf(registration);
  return back === null || origins.includes(back.origin) ? origins : [...origins, back.origin];
}

/** A launch without a context (it is optional, Core 1.3, 5.4.1) gets a course of its link's own. */
function upsertCourse(courses: CoursesStore, launch: VerifiedLaunch, back: URL | null): Promise<Course> {
  const { claims, registration } = launch;
  const context = claims[CLAIM.context];
  const link = claims[CLAIM.resourceLink];
  const deploymentId = claims[CLAIM.deploymentId];
  const { successor } = registration;
  return courses.upsert(
    {
      registrationId: registration.id,
      deploymentId,
      contextId: context?.id ?? `link:${link?.id ?? ''}`,
      title: cutText(oneLine(context?.title ?? context?.label ?? link?.title ?? ''), 300),
      returnOrigin: back === null || originsOf(registration).includes(back.origin) ? '' : back.origin,
    },
    successor?.deployment === deploymentId ? successor.of : [],
  );
}

function presentation(
  deps: LaunchServiceDeps,
  { claims }: VerifiedLaunch,
): { locale?: string; zone?: string } {
  const locale = claims[CLAIM.launchPresentation]?.locale ?? claims.locale;
  const custom = claims[CLAIM.custom];
  const zone = [custom.get('tz'), custom.get('time_zone')].find(deps.isZone);
  return {
    ...(locale !== undefined && { locale: locale.slice(0, 35) }),
    ...(zone !== undefined && { zone }),
  };
}

/** Where the launch leads, below the course. */
async function destination(
  deps: LaunchServiceDeps,
  launch: VerifiedLaunch,
  { person, course, teaches }: { person: Person; course: Course; teaches: boolean },
): Promise<string> {
  const { claims, registration } = launch;
  const settings = claims[CLAIM.deepLinkingSettings];
  if (claims[CLAIM.messageType] === MESSAGE.deepLinking && settings) {
    if (!teaches) throw forbidden('deep-linking-role');
    const request = await deps.deepLinkRequests.keep({
      courseId: course.id,
      personId: person.id,
      registrationId: registration.id,
      deploymentId: claims[CLAIM.deploymentId],
      settings,
    });
    return `deep-linking/${request}`;
  }
  const link = await upsertLink(deps, launch, { person, course, teaches });
  const kind = deps.kinds().find((candidate) => candidate.kind === (link?.content ?? link?.sent)?.kind);
  // A link without content of ours, such as one added by hand, opens the course's home.
  if (!kind || !link?.sent) return '';
  if (teaches && (link.content === null || !(await deps.copying.stands(link)))) return `links/${link.id}`;
  if (link.content === null) throw conflict('copy-waits');
  const reviewed = claims[CLAIM.forUser]?.user_id;
  if (claims[CLAIM.messageType] === MESSAGE.submissionReview && reviewed !== undefined && kind.reviewPath) {
    const student = await deps.people.findOptionalBySub(registration.id, reviewed);
    // Students look at their own work where they did it.
    if (student && student.id !== person.id) return kind.reviewPath(link.content.id, student.id);
  }
  return kind.path(link.content.id);
}

function contentOf(kinds: readonly ContentKind[], custom: ReadonlyMap<string, string>): ContentRef | null {
  const kind = kinds.find((item) => item.kind === custom.get('nastavnik_kind'))?.kind;
  const id = custom.get('nastavnik_id');
  return kind !== undefined && id !== undefined && /^[\w-]{1,60}$/.test(id) ? { kind, id } : null;
}

async function upsertLink(
  deps: LaunchServiceDeps,
  { claims, registration }: VerifiedLaunch,
  { person, course, teaches }: { person: Person; course: Course; teaches: boolean },
): Promise<ResourceLink | null> {
  const resourceLink = claims[CLAIM.resourceLink];
  if (!resourceLink) return null;
  const ags = claims[CLAIM.ags];
  const custom = claims[CLAIM.custom];
  const history = platformWord(registration, custom, 'context_history');
  const arrival = { course, personId: person.id, teaches, history };
  const sent = contentOf(deps.kinds(), custom);
  const graded = deps.kinds().find(({ kind }) => kind === sent?.kind)?.columnOf !== undefined;
  const lineItem = ags?.lineitem ?? '';
  return deps.links.upsertFromLaunch(
    {
      courseId: course.id,
      resourceLinkId: resourceLink.id,
      title: oneLine(resourceLink.title ?? '').slice(0, 300),
      sent,
      lineItem,
      lineItems: graded ? (ags?.lineitems ?? '') : '',
      // Their order means nothing, and must not look like a change.
      scopes: ags?.scope === undefined ? null : [...ags.scope].sort(),
    },
    (named) => deps.copying.resolve(arrival, named),
  );
}

import { z } from 'zod';
import type { PersonName } from '../../shared/names.js';
import { groupId, MOST_GROUPS_OF_ONE } from './groups.js';
import { nameFrom } from '../claims/names.js';
import { platformOf, type Platform } from '../platforms/index.js';
import { readPages, RosterError } from '../transport/pages.js';
import type { Registration } from '../registrations/registrations.store.js';
import type { Services } from './granted-services.js';

/** Names and Role Provisioning Services 2.0 (section 2.2). */
export const NRPS_SCOPE = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';

const MEDIA_TYPE = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

/** One member of a course, as the platform lists them. */
export interface Member {
  /** The platform's own id of the person: `sub` of their launch. */
  readonly userId: string;
  /** False for `Inactive` and `Deleted` (section 2.3). */
  readonly active: boolean;
  /** As full URIs, whatever the platform sent. */
  readonly roles: readonly string[];
  readonly name: PersonName;
  /** '' where the platform keeps it to itself. */
  readonly email: string;
  /** The platform's ids of the groups they are in; null where it does not say. */
  readonly groups: readonly string[] | null;
}

/** A platform's list of members. */
export interface MembershipList {
  /** In the order of the platform; each person once. */
  readonly members: readonly Member[];
  /** False when a part of it could not be had: who is not on it may be in the course all the same. */
  readonly complete: boolean;
  /** It names those who see one link, who need not be all of the course. */
  readonly ofLink: boolean;
}

export interface MembershipQuery {
  /** Asks for those of this resource link first (section 3.3.1). */
  readonly resourceLinkId?: string | undefined;
  /** Asks for the members' groups (Course Groups Service 1.0). */
  readonly groups?: boolean;
}

export interface Nrps {
  /**
   * The members of a resource link, or, where the platform will not have that, of the context.
   * @param url `context_memberships_url` of a launch
   * @throws RosterError
   */
  members(registration: Registration, url: string, wish?: MembershipQuery): Promise<MembershipList>;
}

const MOST_MEMBERS = 50_000;
const LONGEST_ROLE = 255;

/** One role that cannot be read costs that role alone. */
const roles = z.preprocess(
  (value) => [value ?? []].flat(),
  z.array(z.unknown()).transform((all) =>
    all
      .filter((item) => typeof item === 'string')
      .filter((role) => role !== '' && role.length <= LONGEST_ROLE)
      .map(fullRole),
  ),
);

/** `[{group_id: "12"}]`; one that cannot be read is none. */
const enrollments = z
  .array(z.object({ group_id: groupId }).catch({ group_id: '' }))
  .transform((all) => all.map(({ group_id }) => group_id).filter((id) => id !== ''))
  .transform((ids) => [...new Set(ids)].slice(0, MOST_GROUPS_OF_ONE))
  .nullable()
  .catch(null);

/** One member that cannot be read costs that member alone. */
const memberSchema = (platform: Platform) => {
  const text = z
    .unknown()
    .optional()
    .transform((value) => (typeof value === 'string' ? platform.plainText(value).slice(0, 1000) : undefined));
  return z.object({
    user_id: z.union([z.string(), z.number()]).transform(String).pipe(z.string().min(1).max(255)),
    status: z.string().catch('Active'),
    roles,
    name: text,
    given_name: text,
    family_name: text,
    middle_name: text,
    email: text,
    group_enrollments: enrollments,
  });
};

const container = z.object({ members: z.array(z.unknown()) });

export function createNrps(services: Services): Nrps {
  async function read(registration: Registration, url: URL): Promise<MembershipList> {
    const found = new Map<string, Member>();
    const member = memberSchema(platformOf(registration));
    const list = { registration, url, scope: NRPS_SCOPE, mediaType: MEDIA_TYPE };
    const complete = await readPages(services, list, (page) => {
      for (const read of membersOf(page, member)) {
        const known = found.get(read.userId);
        found.set(read.userId, known === undefined ? read : merged(known, read));
      }
      if (found.size > MOST_MEMBERS) throw new RosterError(false, `more than ${MOST_MEMBERS} members`);
    });
    return { members: [...found.values()], complete, ofLink: url.searchParams.has('rlid') };
  }

  /** The next one is asked for only when this one is refused: not every platform knows the parameters, or the link. */
  async function firstOf(
    registration: Registration,
    [url, ...others]: [URL, ...URL[]],
  ): Promise<MembershipList> {
    try {
      return await read(registration, url);
    } catch (error) {
      const [next, ...rest] = others;
      if (!(error instanceof RosterError) || error.retryable || next === undefined) throw error;
      return firstOf(registration, [next, ...rest]);
    }
  }

  return {
    members(registration, url, { resourceLinkId, groups = false } = {}) {
      const address = (parameters: Readonly<Record<string, string>>): URL => {
        const full = new URL(url);
        for (const [name, value] of Object.entries(parameters)) full.searchParams.set(name, value);
        return full;
      };
      const grouped = groups ? { groups: 'true' } : {};
      const ofContext: [URL, ...URL[]] = [address(grouped), ...(groups ? [address({})] : [])];
      return firstOf(
        registration,
        resourceLinkId === undefined
          ? ofContext
          : [address({ ...grouped, rlid: resourceLinkId }), ...ofContext],
      );
    },
  };
}

/** The same person twice, as platforms list who has two roles, or two sections: whatever either says. */
const merged = (first: Member, second: Member): Member => ({
  ...(first.active || !second.active ? first : second),
  active: first.active || second.active,
  roles: [...new Set([...first.roles, ...second.roles])],
  groups:
    first.groups === null && second.groups === null
      ? null
      : [...new Set([...(first.groups ?? []), ...(second.groups ?? [])])],
});

function membersOf(page: unknown, member: ReturnType<typeof memberSchema>): Member[] {
  const parsed = container.safeParse(page);
  if (!parsed.success) throw new RosterError(false, 'the answer has no members');
  const { members } = parsed.data;
  const readable = members.flatMap((item) => {
    const { success, data } = member.safeParse(item);
    if (!success) return [];
    return {
      userId: data.user_id,
      active: !/(^|[#:/\s])(inactive|deleted)\s*$/i.test(data.status),
      roles: data.roles,
      name: nameFrom(data),
      email: data.email ?? '',
      groups: data.group_enrollments,
    };
  });
  if (members.length > 0 && readable.length === 0) throw new RosterError(false, 'no member could be read');
  return readable;
}

/** `Learner` is `…/membership#Learner` (section 2.3); a sub-role keeps its path. */
function fullRole(role: string): string {
  return /^https?:/.test(role) ? role : `http://purl.imsglobal.org/vocab/lis/v2/membership#${role}`;
}

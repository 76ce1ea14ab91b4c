import { z } from 'zod';
import type { PersonName } from '../../shared/names.js';
import { groupId, MAX_GROUPS_OF_PERSON } from './groups.js';
import { nameFrom } from '../claims/names.js';
import { platformOf, type Platform } from '../platforms/index.js';
import { canonicalRole } from '../claims/roles.js';
import { readPages, RosterError } from '../transport/pages.js';
import type { Registration } from '../registrations/registrations.store.js';
import type { Services } from './granted-services.js';

/** Names and Role Provisioning Services 2.0. https://www.imsglobal.org/spec/lti-nrps/v2p0 */
export const NRPS_SCOPE = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';

const MEDIA_TYPE = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

/** One member of a context. */
export interface Member {
  /** The platform's own id of the person: `sub` of their launch. */
  readonly userId: string;
  /** False for `Inactive` and `Deleted`. https://www.imsglobal.org/spec/lti-nrps/v2p0#membership-status */
  readonly active: boolean;
  /** Full URIs, also where the platform sent short names. */
  readonly roles: readonly string[];
  readonly name: PersonName;
  /** '' if the platform does not share it. */
  readonly email: string;
  /** The platform's ids of the member's groups; null if the platform does not tell them. */
  readonly groups: readonly string[] | null;
}

/** The members of a context or of a resource link. */
export interface MembershipList {
  /** In the order of the platform, each person once. */
  readonly members: readonly Member[];
  /** False if a part could not be read: a person who is missing here may still be in the course. */
  readonly complete: boolean;
  /** True if these are the members who see one resource link, not all of the context. */
  readonly ofLink: boolean;
}

export interface MembershipQuery {
  /** Asks for the members of this resource link first. */
  readonly resourceLinkId?: string | undefined;
  /** Asks for the members' groups. https://www.imsglobal.org/spec/lti-gs/v1p0 */
  readonly groups?: boolean;
}

/** Reads memberships. https://www.imsglobal.org/spec/lti-nrps/v2p0 */
export interface Memberships {
  /**
   * Reads the members of a resource link or, if the platform refuses that, of the context.
   * https://www.imsglobal.org/spec/lti-nrps/v2p0#context-membership
   * https://www.imsglobal.org/spec/lti-nrps/v2p0#resource-link-membership-service
   * @param url `context_memberships_url` of a launch
   * @throws RosterError
   */
  members(registration: Registration, url: string, query?: MembershipQuery): Promise<MembershipList>;
}

const MAX_MEMBERS = 50_000;
const MAX_ROLE_LENGTH = 255;

/** Unreadable roles are left out. */
const roles = z.preprocess(
  (value) => [value ?? []].flat(),
  z.array(z.unknown()).transform((all) =>
    all
      .filter((item) => typeof item === 'string')
      .filter((role) => role !== '' && role.length <= MAX_ROLE_LENGTH)
      .map(canonicalRole),
  ),
);

/** `[{group_id: "12"}]`, unreadable ones left out. */
const enrollments = z
  .array(z.object({ group_id: groupId }).catch({ group_id: '' }))
  .transform((all) => all.map(({ group_id }) => group_id).filter((id) => id !== ''))
  .transform((ids) => [...new Set(ids)].slice(0, MAX_GROUPS_OF_PERSON))
  .nullable()
  .catch(null);

/** The shape of one member; members that do not match are left out. */
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

export function createMemberships(services: Services): Memberships {
  async function read(registration: Registration, url: URL): Promise<MembershipList> {
    const found = new Map<string, Member>();
    const member = memberSchema(platformOf(registration));
    const list = { registration, url, scope: NRPS_SCOPE, mediaType: MEDIA_TYPE };
    let readable = true;
    const ended = await readPages(services, list, (page) => {
      const { members, whole } = membersOf(page, member);
      readable &&= whole;
      for (const read of members) {
        const known = found.get(read.userId);
        found.set(read.userId, known === undefined ? read : merged(known, read));
      }
      if (found.size > MAX_MEMBERS) throw new RosterError(false, `more than ${MAX_MEMBERS} members`);
    });
    return {
      members: [...found.values()],
      complete: ended && readable,
      ofLink: url.searchParams.has('rlid'),
    };
  }

  /** Reads the first address that the platform does not refuse: some refuse the parameters or the link. */
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

/** Merges two entries of one person, as platforms list a person with two roles or two sections. */
const merged = (first: Member, second: Member): Member => ({
  ...(first.active || !second.active ? first : second),
  active: first.active || second.active,
  roles: [...new Set([...first.roles, ...second.roles])],
  groups:
    first.groups === null && second.groups === null
      ? null
      : [...new Set([...(first.groups ?? []), ...(second.groups ?? [])])],
});

/** Returns the members of a page that can be read. `whole` is false if there are others. */
function membersOf(
  page: unknown,
  member: ReturnType<typeof memberSchema>,
): { members: Member[]; whole: boolean } {
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
  return { members: readable, whole: readable.length === members.length };
}

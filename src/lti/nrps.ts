import { z } from 'zod';
import type { PersonName } from '../shared/names.js';
import { nameFrom } from './names.js';
import type { OutboundResponse } from './outbound.js';
import { platformWords } from './platform-answer.js';
import type { Registration } from './registrations.store.js';
import { ServiceError } from './service-error.js';
import type { Services } from './services.js';

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
}

/** The platform gave no roster; `heals` says whether trying later can help. The message is for administrators. */
export class RosterError extends Error {
  override readonly name = 'RosterError';
  constructor(
    readonly heals: boolean,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface Nrps {
  /**
   * All members of a context, in the order the platform lists them. Asks for those of the resource link first
   * (section 3.3.1), then, where the platform will not have that, for those of the context.
   * @param url `context_memberships_url` of a launch
   * @throws RosterError
   */
  members(registration: Registration, url: string, resourceLinkId?: string): Promise<Member[]>;
}

/** A page of a few thousand members. */
const MOST_BYTES = 8 * 1024 * 1024;
/** A platform whose pages lead in circles comes to an end here. */
const MOST_PAGES = 200;
const MOST_MEMBERS = 50_000;

const text = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' ? plainText(value).slice(0, 1000) : undefined));

/** One member that cannot be read costs that member alone. */
const member = z.object({
  user_id: z.union([z.string(), z.number()]).transform(String).pipe(z.string().min(1).max(255)),
  status: z.string().catch('Active'),
  roles: z.array(z.string().max(255)).catch([]),
  name: text,
  given_name: text,
  family_name: text,
  middle_name: text,
  email: text,
});

const container = z.object({ members: z.array(z.unknown()).max(MOST_MEMBERS) });

export function createNrps(services: Services): Nrps {
  async function send(registration: Registration, url: string): Promise<OutboundResponse> {
    try {
      // A launch that names the service has been granted it.
      return await services.call({ registration, scopes: [NRPS_SCOPE] }, [NRPS_SCOPE], {
        url,
        maxBytes: MOST_BYTES,
        headers: { accept: MEDIA_TYPE },
      });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new RosterError(error.heals, error.message, { cause: error });
    }
  }

  async function pages(registration: Registration, first: URL): Promise<Member[]> {
    const found = new Map<string, Member>();
    const seen = new Set<string>();
    for (let url: URL | undefined = first; url && !seen.has(url.href);) {
      seen.add(url.href);
      if (seen.size > MOST_PAGES) throw new RosterError(false, `more than ${MOST_PAGES} pages`);
      const response = await send(registration, url.href);
      if (response.status !== 200) throw refused(response);
      for (const one of read(response.body)) found.set(one.userId, one);
      if (found.size > MOST_MEMBERS) throw new RosterError(false, `more than ${MOST_MEMBERS} members`);
      url = nextPage(response, url);
    }
    return [...found.values()];
  }

  return {
    async members(registration, url, resourceLinkId) {
      const context = new URL(url);
      if (resourceLinkId === undefined) return pages(registration, context);
      const link = new URL(url);
      link.searchParams.set('rlid', resourceLinkId);
      try {
        return await pages(registration, link);
      } catch (error) {
        // Not every platform knows the parameter, or the link.
        if (!(error instanceof RosterError) || error.heals) throw error;
        return pages(registration, context);
      }
    },
  };
}

function refused({ status, body }: OutboundResponse): RosterError {
  const heals = status === 401 || status === 408 || status === 429 || status >= 500;
  return new RosterError(heals, `${status} ${platformWords(body)}`.trim());
}

function read(body: string): Member[] {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch (error) {
    throw new RosterError(true, 'the answer is not JSON', { cause: error });
  }
  const parsed = container.safeParse(answer);
  if (!parsed.success) throw new RosterError(false, 'the answer has no members');
  const { members } = parsed.data;
  const readable = members.flatMap((one) => {
    const { success, data } = member.safeParse(one);
    if (!success) return [];
    return {
      userId: data.user_id,
      active: !/^(inactive|deleted)$/i.test(data.status),
      roles: data.roles.map(fullRole),
      name: nameFrom(data),
      email: data.email ?? '',
    };
  });
  if (members.length > 0 && readable.length === 0) throw new RosterError(false, 'no member could be read');
  return readable;
}

/** `Learner` is `…/membership#Learner` (section 2.3); a sub-role keeps its path. */
const fullRole = (role: string): string =>
  /^https?:/.test(role) ? role : `http://purl.imsglobal.org/vocab/lis/v2/membership#${role}`;

/** Moodle writes names into its JSON as it writes them into pages. */
const plainText = (value: string): string =>
  value.replace(/&(lt|gt|quot|#0?39|amp);/g, (_, name: string) => ENTITIES[name] ?? '');

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#039': "'",
  amp: '&',
};

/** `Link: <…>; rel="next"` (section 2.4.2). The token goes to nobody but whom it was made for. */
function nextPage({ headers }: OutboundResponse, from: URL): URL | undefined {
  const links = [headers.link ?? []].flat().join(', ');
  const next = /<([^<>]*)>\s*;[^,<]*\brel="?next"?/i.exec(links)?.[1];
  if (next === undefined || !URL.canParse(next, from.href)) return undefined;
  const url = new URL(next, from.href);
  return url.origin === from.origin ? url : undefined;
}

import { z } from 'zod';
import { cutText, oneLine } from '../../shared/lines.js';
import { platformOf } from '../platforms/index.js';
import { readPages, RosterError } from '../transport/pages.js';
import type { Registration } from '../registrations/registrations.store.js';
import type { Services } from './granted-services.js';

/**
 * Course Groups Service 1.0: the groups of a context. Their members come with the memberships (`group_enrollments`).
 * https://www.imsglobal.org/spec/lti-gs/v1p0
 */
export const GROUPS_SCOPE = 'https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly';

const GROUPS = 'application/vnd.ims.lti-gs.v1.contextgroupcontainer+json';
const SETS = 'application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json';

/** A group of a context. */
export interface PlatformGroup {
  /** Unique in the context. */
  readonly id: string;
  readonly name: string;
  /** Name of the set that the group belongs to, or ''. */
  readonly set: string;
}

/** The addresses in a launch's claim. */
export interface GroupsSource {
  readonly groupsUrl: string;
  /** '' if the platform has no sets. */
  readonly setsUrl: string;
}

export interface CourseGroups {
  /**
   * Reads all groups of a context that are not hidden, in the order of the platform.
   * @throws RosterError
   */
  groups(registration: Registration, source: GroupsSource): Promise<PlatformGroup[]>;
}

const MAX_GROUPS = 2_000;
const MAX_NAME_LENGTH = 200;
/** Groups of one person in one course; the rest is cut off. */
export const MAX_GROUPS_OF_PERSON = 100;

export const groupId = z
  .union([z.string(), z.number()])
  .transform((id) => String(id).trim())
  .pipe(z.string().min(1).max(255));

const name = z.string().catch('');

const group = z.object({
  id: groupId,
  name,
  set_id: groupId.optional().catch(undefined),
  set_ids: z.array(z.unknown()).optional().catch(undefined),
  hidden: z.boolean().optional().catch(undefined),
});

const set = z.object({ id: groupId, name });

/** Returns a name as one line of plain text, cut to `MAX_NAME_LENGTH`. */
function plainName(registration: Registration, text: string): string {
  const line = oneLine(platformOf(registration).plainText(text)).replace(/\s+/g, ' ');
  return cutText(line, MAX_NAME_LENGTH);
}

/** Returns the entries of a page that match the schema, without the others. */
function entriesOf<Entry extends z.ZodType>(page: unknown, key: string, entry: Entry): z.output<Entry>[] {
  const list = z.object({ [key]: z.array(z.unknown()) }).safeParse(page);
  if (!list.success) throw new RosterError(false, `the answer has no ${key}`);
  return (list.data[key] ?? []).flatMap((item) => {
    const read = entry.safeParse(item);
    return read.success ? [read.data] : [];
  });
}

export function createCourseGroups(services: Services): CourseGroups {
  const listAt = (registration: Registration, url: string, mediaType: string) => ({
    registration,
    url: new URL(url),
    scope: GROUPS_SCOPE,
    mediaType,
  });

  /** Returns names of sets by id; as many as could be read, because a group is of use without the name of its set. */
  async function setNames(registration: Registration, url: string): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>();
    if (url === '') return names;
    try {
      await readPages(services, listAt(registration, url, SETS), (page) => {
        for (const { id, name: called } of entriesOf(page, 'sets', set)) {
          names.set(id, plainName(registration, called));
        }
        if (names.size > MAX_GROUPS) throw new RosterError(false, `more than ${MAX_GROUPS} sets`);
      });
    } catch (error) {
      if (!(error instanceof RosterError)) throw error;
    }
    return names;
  }

  return {
    async groups(registration, { groupsUrl, setsUrl }) {
      const sets = await setNames(registration, setsUrl);
      const found = new Map<string, PlatformGroup>();
      const complete = await readPages(services, listAt(registration, groupsUrl, GROUPS), (page) => {
        for (const { id, name: called, set_id, set_ids = [], hidden } of entriesOf(page, 'groups', group)) {
          if (hidden === true) continue;
          const named = [set_id, ...set_ids].map((setId) => sets.get(String(setId))).find(Boolean);
          found.set(id, { id, name: plainName(registration, called), set: named ?? '' });
        }
        if (found.size > MAX_GROUPS) throw new RosterError(false, `more than ${MAX_GROUPS} groups`);
      });
      // Groups left out would look like deleted groups.
      if (!complete) throw new RosterError(false, 'the groups come without an end');
      return [...found.values()];
    },
  };
}

/**
 * Returns the ids of the groups in the custom parameter `groups`, whose value is one of `Platform.groupVariables`: a
 * list of ids with commas. Returns null if the parameter is not configured or its variable is unknown to the platform.
 * @param value `platformWord` of the parameter, because a link's author may not put people into groups
 */
export function groupIdsIn(value: string | undefined): string[] | null {
  if (value === undefined || value.includes('$')) return null;
  const ids = value
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '' && id.length <= 255);
  // Sorted, so that another order does not look like a change.
  return [...new Set(ids)].sort().slice(0, MAX_GROUPS_OF_PERSON);
}

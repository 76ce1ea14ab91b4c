import { MESSAGE } from '../claims/claims.js';
import type { Platform } from './platform.js';

/** Holds for every LMS that does not say otherwise: lenient enough for all that are known. */
export const DEFAULTS: Omit<Platform, 'name' | 'recognises'> = {
  configurationPaths: [],
  groupVariables: [],
  // In Canvas the link's win; of others nothing is known.
  toolParametersWin: false,
  // Moodle opens resource links and lists other messages only.
  unlistedMessages: [MESSAGE.resourceLink],
  // Moodle refuses an `iat` three seconds ahead of its clock; its token endpoint and others have no leeway at all.
  backdateSeconds: 5,
  // Moodle, Canvas and others say an hour; if nothing is said, a short time is safe.
  tokenSeconds: 300,
  offering: null,
  // A success may look like anything: an object, plain text, nothing.
  acceptsScore: () => true,
  isPassing: () => false,
  refusesPerson: () => false,
  plainText,
};

/** Moodle writes names into its JSON as it writes them into HTML pages. */
function plainText(value: string): string {
  return value.replace(/&(lt|gt|quot|#0?39|amp);/g, (_, name: string) => ENTITIES[name] ?? '');
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#039': "'",
  amp: '&',
};

import { createHmac } from 'node:crypto';

/** A claim as the log keeps it: its name, and its value as text. */
export interface KeptClaim {
  readonly name: string;
  readonly value: string;
}

const MASK = '•••';
const LONGEST = 300;
const LONGEST_NAME = 100;
/** More than any platform sends; a token of a thousand claims must not fill the log. */
const MOST_CLAIMS = 80;
const MOST_BELOW = 40;
/** As many roles as a launch may have. */
const MOST_LISTED = 200;

/**
 * Shown as they are: what places a launch, and nothing personal. Everything else is masked, so that an
 * unforeseen claim reveals nothing. Below the dot: fields of an object.
 */
const SHOWN: ReadonlySet<string> = new Set([
  ...['iss', 'aud', 'azp', 'exp', 'iat', 'locale', 'typ'],
  ...['message_type', 'version', 'deployment_id', 'target_link_uri', 'roles', 'role_scope_mentor'],
  ...['context.id', 'context.label', 'context.title', 'context.type'],
  ...['resource_link.id', 'resource_link.title'],
  ...['guid', 'name', 'version', 'product_family_code', 'url'].map((field) => `tool_platform.${field}`),
  ...['document_target', 'locale', 'width', 'height', 'return_url'].map(
    (field) => `launch_presentation.${field}`,
  ),
  ...['nastavnik_kind', 'nastavnik_id', 'tz', 'time_zone'].map((field) => `custom.${field}`),
  ...['scope', 'lineitems', 'lineitem'].map((field) => `endpoint.${field}`),
  ...['context_memberships_url', 'service_versions'].map((field) => `namesroleservice.${field}`),
  ...['context_groups_url', 'context_group_sets_url', 'scope', 'service_versions'].map(
    (field) => `groupsservice.${field}`,
  ),
  ...[
    'accept_types',
    'accept_presentation_document_targets',
    'accept_media_types',
    'accept_multiple',
    'accept_lineitem',
    'auto_create',
    'deep_link_return_url',
  ].map((field) => `deep_linking_settings.${field}`),
]);

/** `https://purl.imsglobal.org/spec/lti/claim/context` → `lti/claim/context`; the whole name stays readable. */
const nameOf = (claim: string): string =>
  claim.replace(/^https:\/\/purl\.imsglobal\.org\/spec\//, '').slice(0, LONGEST_NAME);

const isOurs = (claim: string): boolean =>
  /^(https:\/\/purl\.imsglobal\.org\/spec\/lti(-\w+)?\/claim\/\w+|\w+)$/.test(claim);

/** The claim's last word, by which it is looked up; '' for claims that are none of the specifications'. */
const wordOf = (claim: string): string => (isOurs(claim) ? claim.slice(claim.lastIndexOf('/') + 1) : '');

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** Queries of addresses carry session keys and ids of people. */
function plainText(value: string): string {
  if (!/^https?:.*[?@]/is.test(value) || !URL.canParse(value)) return cut(value);
  const { origin, pathname, search, username } = new URL(value);
  if (search === '' && username === '') return cut(value);
  return cut(`${origin}${pathname}?${MASK}`);
}

/** A list is one of texts; nested lists are not searched. */
const shown = (value: unknown): string =>
  Array.isArray(value) ? cut(value.slice(0, MOST_LISTED).map(simple).join(' ')) : simple(value);

function simple(value: unknown): string {
  if (typeof value === 'string') return plainText(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : masked(value);
}

/** Whether there was anything, and no more. */
const masked = (value: unknown): string =>
  value === '' || value === null || value === undefined || (Array.isArray(value) && value.length === 0)
    ? ''
    : MASK;

/**
 * A token's payload as the log may keep it.
 * @param pepper makes the person's mark, which is equal for launches of one person: without it the person
 *   cannot be guessed
 * @param mostText characters of names and values together; what comes after them is left out
 */
export function keptClaims(payload: unknown, pepper: string, mostText: number): KeptClaim[] {
  const kept: KeptClaim[] = [];
  let left = mostText;
  for (const claim of claimsIn(payload, pepper)) {
    left -= claim.name.length + claim.value.length;
    if (left < 0) return [...kept, { name: '…', value: '' }];
    kept.push(claim);
  }
  return kept;
}

function* claimsIn(payload: unknown, pepper: string): Generator<KeptClaim> {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return;
  const claims = payload as Readonly<Record<string, unknown>>;
  for (const [claim, value] of Object.entries(claims).slice(0, MOST_CLAIMS)) {
    const name = nameOf(claim);
    const word = wordOf(claim);
    if (claim === 'sub') yield { name, value: mark(value, claims.iss, pepper) };
    else if (typeof value !== 'object' || value === null || Array.isArray(value))
      yield { name, value: SHOWN.has(word) ? shown(value) : masked(value) };
    else yield* fieldsIn(name, word, value);
  }
}

function* fieldsIn(name: string, word: string, value: object): Generator<KeptClaim> {
  for (const [field, below] of Object.entries(value).slice(0, MOST_BELOW)) {
    yield {
      name: `${name}.${field.slice(0, LONGEST_NAME)}`,
      value: SHOWN.has(`${word}.${field}`) ? shown(below) : masked(below),
    };
  }
}

const mark = (sub: unknown, iss: unknown, pepper: string): string =>
  typeof sub !== 'string'
    ? masked(sub)
    : `#${createHmac('sha256', pepper)
        .update(JSON.stringify([String(iss), sub]))
        .digest('hex')
        .slice(0, 8)}`;

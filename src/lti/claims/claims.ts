import { cutText } from '../../shared/lines.js';
import { z } from 'zod';
import { webOrigin } from '../../shared/origins.js';

/** Names of claims. https://www.imsglobal.org/spec/lti/v1p3/#required-message-claims */
export const CLAIM = {
  messageType: 'https://purl.imsglobal.org/spec/lti/claim/message_type',
  version: 'https://purl.imsglobal.org/spec/lti/claim/version',
  deploymentId: 'https://purl.imsglobal.org/spec/lti/claim/deployment_id',
  targetLinkUri: 'https://purl.imsglobal.org/spec/lti/claim/target_link_uri',
  roles: 'https://purl.imsglobal.org/spec/lti/claim/roles',
  context: 'https://purl.imsglobal.org/spec/lti/claim/context',
  resourceLink: 'https://purl.imsglobal.org/spec/lti/claim/resource_link',
  launchPresentation: 'https://purl.imsglobal.org/spec/lti/claim/launch_presentation',
  custom: 'https://purl.imsglobal.org/spec/lti/claim/custom',
  forUser: 'https://purl.imsglobal.org/spec/lti/claim/for_user',
  ags: 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint',
  notices: 'https://purl.imsglobal.org/spec/lti/claim/platformnotificationservice',
  nrps: 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice',
  groups: 'https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice',
  deepLinkingSettings: 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings',
  contentItems: 'https://purl.imsglobal.org/spec/lti-dl/claim/content_items',
  deepLinkingData: 'https://purl.imsglobal.org/spec/lti-dl/claim/data',
  deepLinkingMessage: 'https://purl.imsglobal.org/spec/lti-dl/claim/msg',
  deepLinkingLog: 'https://purl.imsglobal.org/spec/lti-dl/claim/log',
  deepLinkingErrorMessage: 'https://purl.imsglobal.org/spec/lti-dl/claim/errormsg',
  deepLinkingErrorLog: 'https://purl.imsglobal.org/spec/lti-dl/claim/errorlog',
} as const;

export const MESSAGE = {
  resourceLink: 'LtiResourceLinkRequest',
  deepLinking: 'LtiDeepLinkingRequest',
  submissionReview: 'LtiSubmissionReviewRequest',
} as const;

const MAX_TEXT = 10_000;

const MAX_URL = 4_000;

/** Reads a value of a claim; undefined if it is not one. */
type Read<Value> = (value: unknown) => Value | undefined;

const text: Read<string> = (value) => (typeof value === 'string' ? cutText(value, MAX_TEXT) : undefined);
const address: Read<string> = (value) =>
  typeof value === 'string' && value.length <= MAX_URL && URL.canParse(value) ? value : undefined;
const flag: Read<boolean> = (value) =>
  value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined;

const identifier = z.string().min(1).max(255);
const url = z
  .string()
  .max(MAX_URL)
  .refine((value) => URL.canParse(value));
const seconds = z.number();

/** Names of what could not be read by the parse that is running. A parse is synchronous. */
let unreadable: string[] = [];

/** PHP writes an empty object as `[]`; others send `""`, `{}` or null for what is absent. */
const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/**
 * Makes a claim, or a member of one, that a launch can do without: unreadable is absent, and noted. A platform's
 * mistake in an offer must not keep its people out.
 * @param name as the log of launches shows it
 */
const optional = <Value>(name: string, read: Read<Value>) =>
  z
    .unknown()
    .optional()
    .transform((value): Value | undefined => {
      if (isEmpty(value)) return undefined;
      const found = read(value);
      if (found === undefined) unreadable.push(name);
      return found;
    });

/** Reads by a schema. Single texts and addresses are read without one: a launch has many, and most of its cost was theirs. */
const shaped =
  <Schema extends z.ZodType>(schema: Schema): Read<z.output<Schema>> =>
  (value) =>
    schema.safeParse(value).data;

/** Reads the members of a list that are short texts; others are noted. */
const texts =
  (name: string, max: number): Read<string[]> =>
  (value) => {
    if (!Array.isArray(value)) return undefined;
    return value.slice(0, max).flatMap((member: unknown) => {
      if (typeof member === 'string' && member.length <= 255) return [member];
      unreadable.push(name);
      return [];
    });
  };

const MAX_PARAMETERS = 500;

/**
 * Custom parameters are texts; some LMSs send numbers, booleans or null. A Map, so that no parameter name, `__proto__`
 * included, can reach a prototype. Lists and objects (Canvas's grading scheme) are passed over one by one.
 */
const custom = z
  .unknown()
  .optional()
  .transform((values): ReadonlyMap<string, string> => {
    if (isEmpty(values)) return new Map();
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      unreadable.push('custom');
      return new Map();
    }
    return new Map(
      Object.entries(values)
        .slice(0, MAX_PARAMETERS)
        .flatMap(([key, value]: [string, unknown]) => {
          if (typeof value === 'string') return [[key, cutText(value, MAX_TEXT)] as const];
          if (typeof value === 'number' || typeof value === 'boolean') return [[key, String(value)] as const];
          if (value !== null) unreadable.push(`custom.${key.slice(0, 100)}`);
          return [];
        }),
    );
  });

/** https://www.imsglobal.org/spec/lti-dl/v2p0#deep-linking-settings */
const deepLinkingSettings = z.object({
  deep_link_return_url: url.refine((value) => webOrigin(value) !== null),
  accept_types: z.array(z.unknown()).transform((all) => all.filter((type) => typeof type === 'string')),
  accept_presentation_document_targets: optional(
    'deep_linking_settings.accept_presentation_document_targets',
    texts('deep_linking_settings.accept_presentation_document_targets', 50),
  ).transform((targets) => targets ?? []),
  accept_multiple: optional('deep_linking_settings.accept_multiple', flag),
  accept_lineitem: optional('deep_linking_settings.accept_lineitem', flag),
  auto_create: optional('deep_linking_settings.auto_create', flag),
  title: optional('deep_linking_settings.title', text),
  text: optional('deep_linking_settings.text', text),
  /** Any JSON, returned as it came; absent if it was. */
  data: z.unknown().optional(),
});

const scopes = texts('endpoint.scope', 50);
const noticeTypes = texts('platformnotificationservice.notice_types_supported', 50);

/** The context is optional; where it is sent, its id is not. https://www.imsglobal.org/spec/lti/v1p3/#context-claim */
const context = z.preprocess(
  (value) => (isEmpty(value) ? undefined : value),
  z
    .object({
      id: identifier,
      label: optional('context.label', text),
      title: optional('context.title', text),
    })
    .optional(),
);

/**
 * The claims of the id_token that this tool uses. Times are seconds since 1970. What is not `optional` is demanded.
 * https://www.imsglobal.org/spec/lti/v1p3/#required-message-claims
 */
const launchClaims = z.object({
  iss: identifier,
  sub: identifier,
  aud: z.union([identifier, z.array(identifier).length(1)]),
  azp: z
    .union([identifier, z.literal(''), z.null()])
    .optional()
    .transform((value) => (value === null || value === '' ? undefined : value)),
  exp: seconds,
  iat: seconds,
  nbf: seconds.nullish().transform((value) => value ?? undefined),
  nonce: identifier,
  name: optional('name', text),
  given_name: optional('given_name', text),
  family_name: optional('family_name', text),
  middle_name: optional('middle_name', text),
  email: optional('email', text),
  locale: optional('locale', text),
  [CLAIM.messageType]: z.enum([MESSAGE.resourceLink, MESSAGE.deepLinking, MESSAGE.submissionReview]),
  [CLAIM.version]: z.literal('1.3.0'),
  [CLAIM.deploymentId]: identifier,
  [CLAIM.targetLinkUri]: z.preprocess((value) => (isEmpty(value) ? undefined : value), url.optional()),
  [CLAIM.roles]: z.array(z.string().max(255)).max(200),
  [CLAIM.context]: context,
  [CLAIM.resourceLink]: z.preprocess(
    (value) => (isEmpty(value) ? undefined : value),
    z.object({ id: identifier, title: optional('resource_link.title', text) }).optional(),
  ),
  [CLAIM.launchPresentation]: optional(
    'launch_presentation',
    shaped(
      z.object({
        locale: optional('launch_presentation.locale', text),
        return_url: optional('launch_presentation.return_url', text),
      }),
    ),
  ),
  [CLAIM.custom]: custom,
  [CLAIM.forUser]: optional('for_user', shaped(z.object({ user_id: identifier }))),
  [CLAIM.ags]: optional(
    'endpoint',
    shaped(
      z.object({
        /** Granted scopes; undefined if the platform does not tell them. */
        scope: z
          .unknown()
          .optional()
          .transform((value): string[] | undefined => {
            // An empty list grants nothing; it is not an absent one.
            if (value === undefined || value === null) return undefined;
            const read = scopes(value);
            if (read === undefined) unreadable.push('endpoint.scope');
            return read;
          }),
        lineitems: optional('endpoint.lineitems', address),
        lineitem: optional('endpoint.lineitem', address),
      }),
    ),
  ),
  [CLAIM.nrps]: optional('namesroleservice', shaped(z.object({ context_memberships_url: url }))),
  [CLAIM.deepLinkingSettings]: optional('deep_linking_settings', shaped(deepLinkingSettings)),
  [CLAIM.groups]: optional(
    'groupsservice',
    shaped(
      z.object({
        context_groups_url: url,
        context_group_sets_url: optional('groupsservice.context_group_sets_url', address),
      }),
    ),
  ),
  [CLAIM.notices]: optional(
    'platformnotificationservice',
    shaped(
      z.object({
        platform_notification_service_url: url,
        notice_types_supported: z.array(z.unknown()).transform((all) => noticeTypes(all) ?? []),
      }),
    ),
  ),
});

export type LaunchClaims = z.output<typeof launchClaims>;
export type DeepLinkingSettings = z.output<typeof deepLinkingSettings>;

/** The claims of a token, or the name of the first one that is demanded and unreadable. */
export type ReadClaims =
  | {
      readonly claims: LaunchClaims;
      /** Optional claims and members that could not be read, each once. */
      readonly unreadable: readonly string[];
    }
  | { readonly claim: string };

const MAX_UNREADABLE = 20;

export function readClaims(payload: unknown): ReadClaims {
  unreadable = [];
  const parsed = launchClaims.safeParse(payload);
  const noted = [...new Set(unreadable)].slice(0, MAX_UNREADABLE);
  unreadable = [];
  return parsed.success
    ? { claims: parsed.data, unreadable: noted }
    : { claim: String(parsed.error.issues[0]?.path[0] ?? '') };
}

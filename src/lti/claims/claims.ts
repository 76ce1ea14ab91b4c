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

/** Some LMSs send `""` or null for a claim that is absent. */
const optionalText = z
  .string()
  .max(10_000)
  .nullish()
  .transform((value) => (value === null || value === '' ? undefined : value));

const identifier = z.string().min(1).max(255);
const url = z
  .string()
  .max(4_000)
  .refine((value) => URL.canParse(value));
const optionalUrl = z
  .union([z.literal('').transform(() => undefined), z.null().transform(() => undefined), url])
  .optional();
const seconds = z.number();

/** Some LMSs send custom parameters as numbers, booleans or null; this tool's are all text. */
const custom = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .nullish()
  .transform(
    (values) =>
      // A Map, so that no parameter name, `__proto__` included, can reach a prototype.
      new Map(
        Object.entries(values ?? {}).flatMap(([key, value]) =>
          value === null ? [] : [[key, String(value)] as const],
        ),
      ),
  );

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

const deepLinkingSettings = z.object({
  deep_link_return_url: url.refine((value) => webOrigin(value) !== null),
  accept_types: z.array(z.string()).max(50),
  accept_presentation_document_targets: z.array(z.string()).max(50).default([]),
  accept_multiple: flag.optional(),
  accept_lineitem: flag.optional(),
  auto_create: flag.optional(),
  title: optionalText,
  text: optionalText,
  data: z.string().max(65_536).optional(),
});

/**
 * The claims of the id_token that this tool uses. Times are seconds since 1970.
 * https://www.imsglobal.org/spec/lti/v1p3/#required-message-claims
 */
export const launchClaims = z.object({
  iss: identifier,
  sub: identifier,
  aud: z.union([identifier, z.array(identifier).length(1)]),
  azp: identifier.optional(),
  exp: seconds,
  iat: seconds,
  nonce: identifier,
  name: optionalText,
  given_name: optionalText,
  family_name: optionalText,
  middle_name: optionalText,
  email: optionalText,
  locale: optionalText,
  [CLAIM.messageType]: z.enum([MESSAGE.resourceLink, MESSAGE.deepLinking, MESSAGE.submissionReview]),
  [CLAIM.version]: z.literal('1.3.0'),
  [CLAIM.deploymentId]: identifier,
  [CLAIM.targetLinkUri]: url.optional(),
  [CLAIM.roles]: z.array(z.string().max(255)).max(200),
  [CLAIM.context]: z.object({ id: identifier, label: optionalText, title: optionalText }).nullish(),
  [CLAIM.resourceLink]: z.object({ id: identifier, title: optionalText }).nullish(),
  [CLAIM.launchPresentation]: z.object({ locale: optionalText, return_url: optionalText }).nullish(),
  [CLAIM.custom]: custom,
  [CLAIM.forUser]: z.object({ user_id: identifier }).nullish(),
  [CLAIM.ags]: z
    .object({
      /** Granted scopes; undefined if the platform does not tell them. */
      scope: z
        .array(z.string().max(255))
        .max(50)
        .nullish()
        .transform((scopes) => scopes ?? undefined),
      lineitems: optionalUrl,
      lineitem: optionalUrl,
    })
    .nullish(),
  [CLAIM.nrps]: z.object({ context_memberships_url: url }).nullish(),
  [CLAIM.deepLinkingSettings]: deepLinkingSettings.nullish(),
  // An unreadable offer of a service is ignored, because the launch itself is valid.
  [CLAIM.groups]: z
    .object({ context_groups_url: url, context_group_sets_url: optionalUrl.catch(undefined) })
    .nullish()
    .catch(undefined),
  [CLAIM.notices]: z
    .object({
      platform_notification_service_url: url,
      notice_types_supported: z.array(z.string().max(255)).max(50),
    })
    .nullish()
    .catch(undefined),
});

export type LaunchClaims = z.output<typeof launchClaims>;
export type DeepLinkingSettings = z.output<typeof deepLinkingSettings>;

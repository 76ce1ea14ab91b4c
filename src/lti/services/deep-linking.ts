import { SignJWT } from 'jose';
import { MINUTE, SECOND, type Clock } from '../../shared/clock.js';
import { newToken } from '../../shared/ids.js';
import { CLAIM } from '../claims/claims.js';
import { platformOf } from '../platforms/index.js';
import type { Registration } from '../registrations/registrations.store.js';
import { submissionReview } from '../claims/submission-review.js';
import type { ToolKeys } from '../keys/tool-keys.js';

/**
 * `ltiResourceLink`: a link for the course, launched at the tool's only launch address.
 * https://www.imsglobal.org/spec/lti-dl/v2p0#content-item-types
 */
export interface ResourceLinkItem {
  readonly type: 'ltiResourceLink';
  readonly title: string;
  readonly text?: string;
  /** Sent back with every launch of the link. Names are in lower case, because some LMSs change the case. */
  readonly custom: Readonly<Record<string, string>>;
  readonly lineItem?: {
    /** Greater than 0. */
    readonly scoreMaximum: number;
    readonly label: string;
    readonly resourceId: string;
    readonly tag: string;
    /** Offers submission review, under this label if there is one. https://www.imsglobal.org/spec/lti-sr/v1p0 */
    readonly review?: { readonly label?: string };
  };
  /** When the link can be opened. Without an end, because results are read after the test. ISO 8601 with a zone. */
  readonly available?: DateSpan;
  /** When students can submit. */
  readonly submission?: DateSpan;
  /** Asks the platform to open the link in a new window. */
  readonly window?: { readonly targetName: string };
}

/**
 * `link`: a link to a public page, opened without a launch.
 * https://www.imsglobal.org/spec/lti-dl/v2p0#content-item-types
 */
export interface OpenLinkItem {
  readonly type: 'link';
  readonly url: string;
  readonly title: string;
  readonly text?: string;
  readonly window?: { readonly targetName: string };
}

export type ContentItem = ResourceLinkItem | OpenLinkItem;

export interface DateSpan {
  readonly startDateTime?: string;
  readonly endDateTime?: string;
}

export interface DeepLinkingResponse {
  readonly registration: Registration;
  readonly deploymentId: string;
  /** The request's `data`, of any kind, returned as it came. */
  readonly data?: unknown;
  readonly items: readonly ContentItem[];
  /** Texts for a response with items. */
  readonly success?: ResponseTexts | undefined;
  /** Texts for a response without items because of an error. */
  readonly failure?: ResponseTexts | undefined;
}

/** Plain text. */
export interface ResponseTexts {
  /** For the person. */
  readonly message: string;
  /** For the platform's log. */
  readonly log: string;
}

/**
 * Returns the signed LtiDeepLinkingResponse.
 * https://www.imsglobal.org/spec/lti-dl/v2p0#deep-linking-response-message
 * @param url the tool's launch address
 */
export async function deepLinkingResponse(
  toolKeys: ToolKeys,
  clock: Clock,
  url: string,
  response: DeepLinkingResponse,
): Promise<string> {
  const key = await toolKeys.signing();
  const { backdateSeconds } = platformOf(response.registration);
  const issued = Math.floor(clock.now().getTime() / SECOND) - backdateSeconds;
  return new SignJWT({
    nonce: newToken(),
    [CLAIM.deploymentId]: response.deploymentId,
    [CLAIM.messageType]: 'LtiDeepLinkingResponse',
    [CLAIM.version]: '1.3.0',
    [CLAIM.contentItems]: response.items.map((item) => sent(url, item)),
    ...(response.data !== undefined && { [CLAIM.deepLinkingData]: response.data }),
    ...(response.success && {
      [CLAIM.deepLinkingMessage]: response.success.message,
      [CLAIM.deepLinkingLog]: response.success.log,
    }),
    ...(response.failure && {
      [CLAIM.deepLinkingErrorMessage]: response.failure.message,
      [CLAIM.deepLinkingErrorLog]: response.failure.log,
    }),
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid })
    .setIssuer(response.registration.clientId)
    .setAudience(response.registration.issuer)
    .setIssuedAt(issued)
    .setExpirationTime(issued + (5 * MINUTE) / SECOND)
    .sign(key.privateKey);
}

/** Returns an item in the form of the specification. */
function sent(url: string, item: ContentItem): object {
  if (item.type === 'link') return item;
  const { lineItem, ...link } = item;
  if (lineItem === undefined) return { url, ...link };
  const { review, ...column } = lineItem;
  return {
    url,
    ...link,
    lineItem: {
      ...column,
      ...(review && { submissionReview: submissionReview(url, { ...review, custom: item.custom }) }),
    },
  };
}

import { SignJWT } from 'jose';
import { MINUTE, SECOND, type Clock } from '../../shared/clock.js';
import { newToken } from '../../shared/ids.js';
import { CLAIM } from '../claims/claims.js';
import { platformOf } from '../platforms/index.js';
import type { Registration } from '../registrations/registrations.store.js';
import { submissionReview } from '../claims/submission-review.js';
import type { ToolKeys } from '../keys/tool-keys.js';

/** A link for the course: `ltiResourceLink` of Deep Linking 2.0, section 3.2. Launched at the tool's one address. */
export interface ResourceLinkItem {
  readonly type: 'ltiResourceLink';
  readonly title: string;
  readonly text?: string;
  /** Come back with every launch of the link; names in lower case, for some LMSs fold it. */
  readonly custom: Readonly<Record<string, string>>;
  readonly lineItem?: {
    /** Greater than 0. */
    readonly scoreMaximum: number;
    readonly label: string;
    readonly resourceId: string;
    readonly tag: string;
    /** Reviews are offered, under this name where one is given (Submission Review 1.0). */
    readonly review?: { readonly label?: string };
  };
  /** When the link is of use; no end, for results are read after it. ISO 8601 with a zone. */
  readonly available?: DateSpan;
  /** When work is handed in. */
  readonly submission?: DateSpan;
  /** Asks for a window of its own, where the platform offers no frame. */
  readonly window?: { readonly targetName: string };
}

/** A link to a page that is open to everybody: `link` of Deep Linking 2.0, section 3.1. */
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
  /** The request's `data`, returned byte for byte. */
  readonly data?: string | undefined;
  readonly items: readonly ContentItem[];
  /** Plain words: `message` for the person, `log` for the platform's log. */
  readonly told?: Told | undefined;
  /** The same where nothing could be given. */
  readonly trouble?: Told | undefined;
}

export interface Told {
  readonly message: string;
  readonly log: string;
}

/**
 * The signed LtiDeepLinkingResponse (Deep Linking 2.0, 4.5).
 * @param url where every item is launched: the tool's one launch address
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
    ...(response.told && {
      [CLAIM.deepLinkingMessage]: response.told.message,
      [CLAIM.deepLinkingLog]: response.told.log,
    }),
    ...(response.trouble && {
      [CLAIM.deepLinkingErrorMessage]: response.trouble.message,
      [CLAIM.deepLinkingErrorLog]: response.trouble.log,
    }),
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid })
    .setIssuer(response.registration.clientId)
    .setAudience(response.registration.issuer)
    .setIssuedAt(issued)
    .setExpirationTime(issued + (5 * MINUTE) / SECOND)
    .sign(key.privateKey);
}

/** An item as it is sent. */
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

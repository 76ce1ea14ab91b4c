import { SignJWT } from 'jose';
import { MINUTE, SECOND, type Clock } from '../shared/clock.js';
import { newToken } from '../shared/ids.js';
import { CLAIM } from './claims.js';
import type { Registration } from './registrations.store.js';
import type { ToolKeys } from './tool-keys.js';

/** A link for the course: `ltiResourceLink` of Deep Linking 2.0, section 3.2. */
export interface ResourceLinkItem {
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
  };
  /** When the link is of use; no end, for results are read after it. ISO 8601 with a zone. */
  readonly available?: DateSpan;
  /** When work is handed in. */
  readonly submission?: DateSpan;
  /** Asks for a window of its own, where the platform offers no frame. */
  readonly window?: { readonly targetName: string };
}

export interface DateSpan {
  readonly startDateTime?: string;
  readonly endDateTime?: string;
}

export interface DeepLinkingResponse {
  readonly registration: Registration;
  readonly deploymentId: string;
  /** The request's `data`, returned byte for byte. */
  readonly data?: string | undefined;
  readonly items: readonly ResourceLinkItem[];
  /** Shown to the person by the platform. */
  readonly message?: string;
}

/** Moodle refuses an `iat` three seconds ahead of its clock; others have no leeway at all. */
const BACKDATE_S = 5;

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
  const issued = Math.floor(clock.now().getTime() / SECOND) - BACKDATE_S;
  return new SignJWT({
    nonce: newToken(),
    [CLAIM.deploymentId]: response.deploymentId,
    [CLAIM.messageType]: 'LtiDeepLinkingResponse',
    [CLAIM.version]: '1.3.0',
    [CLAIM.contentItems]: response.items.map((item) => ({ type: 'ltiResourceLink', url, ...item })),
    ...(response.data !== undefined && { [CLAIM.deepLinkingData]: response.data }),
    ...(response.message !== undefined && { [CLAIM.deepLinkingMessage]: response.message }),
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid })
    .setIssuer(response.registration.clientId)
    .setAudience(response.registration.issuer)
    .setIssuedAt(issued)
    .setExpirationTime(issued + (5 * MINUTE) / SECOND)
    .sign(key.privateKey);
}

import type { Lms } from '../lms.js';
import { privateKeyOf, signToken } from '../keys.js';
import { launchClaims } from './claims.js';
import { oddClaims } from './oddities.js';

/** What the authentication endpoint makes of a request. */
export type AuthenticationAnswer =
  /** A form posted back to the tool: an id_token, or an error. */
  | { readonly kind: 'form'; readonly action: string; readonly fields: Readonly<Record<string, string>> }
  /** Nobody is signed in: the browser may have kept its cookie back, and gets another chance. */
  | { readonly kind: 'repost' }
  /** What cannot be sent back safely becomes a page of our own, 404. */
  | { readonly kind: 'page' };

export async function signIdToken(lms: Lms, claims: object): Promise<string> {
  const [key] = lms.state.data.keys;
  if (key?.kid === undefined) throw new Error('the LMS has no signing key');
  const kid = lms.oddities.has('no-kid') ? {} : { kid: key.kid };
  return signToken(claims, { typ: 'JWT', alg: 'RS256', ...kid }, privateKeyOf(key));
}

/**
 * The OpenID Connect authentication endpoint (LTI 1.3 security framework 5.1.1.2 to 5.1.1.4), with the
 * recorded platform's order of checks. The hint is spent by the first request that reads it, good or bad.
 * @param parameters single values only; others count as missing
 * @param reader whom the LMS's own cookies name, and the language this person reads the LMS in
 * @param reposted true when the browser has already been sent round once for its cookie
 */
export async function authenticate(
  lms: Lms,
  parameters: Readonly<Record<string, string | undefined>>,
  reader: { readonly personId: string | undefined; readonly language: string },
  reposted: boolean,
): Promise<AuthenticationAnswer> {
  const { personId, language } = reader;
  if (personId === undefined && !reposted) return { kind: 'repost' };
  const { client_id, redirect_uri, login_hint, lti_message_hint, nonce } = parameters;
  const state = parameters.state ?? '';
  if (
    parameters.scope !== 'openid' ||
    parameters.response_type !== 'id_token' ||
    !client_id ||
    !redirect_uri ||
    !login_hint ||
    !lti_message_hint ||
    !nonce
  ) {
    return { kind: 'page' };
  }
  const launch = lms.launches.take(lti_message_hint);
  const tool = launch === undefined ? undefined : lms.state.tool(launch.toolId);
  if (launch === undefined || tool === undefined || launch.personId !== personId) return { kind: 'page' };
  if (!tool.redirectUrls.includes(redirect_uri)) return { kind: 'page' };

  const refuse = (error: string, description?: string): AuthenticationAnswer => ({
    kind: 'form',
    action: redirect_uri,
    fields: { error, ...(description !== undefined && { error_description: description }), state },
  });
  if (client_id !== tool.clientId) return refuse('unauthorized_client');
  if (login_hint !== personId) return refuse('access_denied');
  if (parameters.response_mode !== 'form_post') return refuse('invalid_request', 'Invalid response_mode');
  if (parameters.prompt !== undefined && parameters.prompt !== 'none') {
    return refuse('invalid_request', 'Invalid prompt');
  }
  const claims = oddClaims(lms.oddities, launchClaims(lms, launch, tool, { nonce, language }));
  const id_token = await signIdToken(lms, claims);
  return { kind: 'form', action: redirect_uri, fields: { id_token, state } };
}

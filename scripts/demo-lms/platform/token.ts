import { decodeJwt } from 'jose';
import type { Lms } from '../lms.js';
import type { Tool } from '../model.js';
import { AUTHORIZATION_SERVER } from '../oddities.js';
import { TOKEN_LIFETIME_SECONDS } from '../sessions.js';
import type { Reply } from './reply.js';
import { KNOWN_SCOPES } from './scopes.js';
import { audiences } from './sent.js';
import { ToolJwtError, verifyToolJwt, type ToolClaims } from './tool-jwt.js';
import { PATHS } from './urls.js';

/** The answer is JSON under a label that says HTML, spaced this way: the recorded platform's habit. */
function spacedJson(status: number, members: Readonly<Record<string, string | number>>): Reply {
  const lines = Object.entries(members).map(([key, value]) => `  "${key}" : ${JSON.stringify(value)}`);
  return { status, type: 'text/html; charset=utf-8', body: `{\n${lines.join(',\n')}\n}` };
}

const refusal = (error: string): Reply => spacedJson(400, { error });

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

function subjectOf(assertion: string): string | undefined {
  try {
    return decodeJwt(assertion).sub;
  } catch {
    return undefined;
  }
}

/** What the recorded platform lets pass; see {@link Lms.strict}. */
function strictProblem(lms: Lms, tool: Tool, claims: ToolClaims): string | null {
  const audience = audiences(claims);
  const origin = lms.origin();
  const accepted = lms.oddities.has('authorization-server')
    ? [AUTHORIZATION_SERVER]
    : [`${origin}${PATHS.token}`, origin];
  if (!accepted.some((item) => audience.includes(item))) return 'audience';
  const { jti, exp } = claims;
  if (typeof exp !== 'number') return 'exp';
  if (typeof jti !== 'string' || jti === '') return 'jti';
  return lms.tokens.firstUse(tool.clientId, jti, exp) ? null : 'jti used before';
}

/**
 * The token endpoint: client_credentials with a signed assertion (LTI 1.3 security framework 4.1).
 * Scopes the tool has not been given are left out without a word.
 * @param form fields of a urlencoded body; single values only
 */
export async function tokenReply(
  lms: Lms,
  form: Readonly<Record<string, string | undefined>>,
): Promise<Reply> {
  const { grant_type, client_assertion_type, client_assertion, scope } = form;
  if (
    grant_type !== 'client_credentials' ||
    client_assertion_type !== ASSERTION_TYPE ||
    !client_assertion ||
    !scope
  ) {
    return refusal('invalid_request');
  }
  const clientId = subjectOf(client_assertion);
  const deployments = clientId === undefined ? [] : lms.state.toolsOfClient(clientId);
  const tool = deployments.find((deployment) => deployment.state === 'active');
  if (tool === undefined) return refusal('invalid_client');
  let claims: ToolClaims;
  try {
    claims = await verifyToolJwt(lms.toolKeys, lms.clock, tool, client_assertion);
  } catch (error) {
    if (error instanceof ToolJwtError) return refusal(error.message);
    throw error;
  }
  if (claims.iss !== tool.clientId) return refusal('invalid_client');
  const problem = lms.strict ? strictProblem(lms, tool, claims) : null;
  if (problem !== null) {
    return spacedJson(400, { error: 'invalid_client', error_description: `Client assertion: ${problem}` });
  }
  const asked = scope.split(' ');
  const given = new Set(deployments.flatMap((deployment) => deployment.scopes));
  const granted = KNOWN_SCOPES.filter((candidate) => asked.includes(candidate) && given.has(candidate));
  if (granted.length === 0) return refusal('invalid_scope');
  return spacedJson(200, {
    access_token: lms.tokens.issue(tool.clientId, granted),
    token_type: 'Bearer',
    expires_in: TOKEN_LIFETIME_SECONDS,
    scope: granted.join(' '),
  });
}

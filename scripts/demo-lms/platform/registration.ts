import { compactVerify } from 'jose';
import { seconds } from '../clock.js';
import { privateKeyOf, publicJwk, signToken } from '../keys.js';
import type { Lms } from '../lms.js';
import type { Tool } from '../model.js';
import { AUTHORIZATION_SERVER, type Oddities } from '../oddities.js';
import { toLines, VARIABLE_NAMES } from './custom.js';
import type { Reply } from './reply.js';
import { clientOf } from './registration-token.js';
import { KNOWN_SCOPES, SCOPE } from './scopes.js';
import { parseJson, record, text, texts, type Sent } from './sent.js';
import { addTool, newClientId, type ToolInput } from './tools.js';
import { PATHS } from './urls.js';

/** LTI Dynamic Registration 1.0 with the recorded platform's checks and words. */

const TOOL_CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const TOKEN_LIFETIME_SECONDS = 3_600;
/** A token of this scope makes a tool, one of the other reads or changes the tool made. */
type TokenScope = 'reg' | 'reg-update';

const BASIC_OUTCOME = 'https://purl.imsglobal.org/spec/lti-bo/scope/basicoutcome';

export const openidConfiguration = (origin: string, oddities: Oddities) => ({
  issuer: origin,
  ...(oddities.has('authorization-server') && { authorization_server: AUTHORIZATION_SERVER }),
  token_endpoint: `${origin}${PATHS.token}`,
  token_endpoint_auth_methods_supported: ['private_key_jwt'],
  token_endpoint_auth_signing_alg_values_supported: ['RS256'],
  jwks_uri: `${origin}${PATHS.keys}`,
  authorization_endpoint: `${origin}${PATHS.auth}`,
  registration_endpoint: `${origin}${PATHS.registration}`,
  scopes_supported: [
    BASIC_OUTCOME,
    SCOPE.lineItemReadonly,
    SCOPE.resultReadonly,
    SCOPE.score,
    SCOPE.lineItem,
    SCOPE.memberships,
    SCOPE.toolSetting,
    'openid',
  ],
  response_types_supported: ['id_token'],
  subject_types_supported: ['public', 'pairwise'],
  id_token_signing_alg_values_supported: ['RS256'],
  claims_supported: ['sub', 'iss', 'name', 'given_name', 'family_name', 'email'],
  'https://purl.imsglobal.org/spec/lti-platform-configuration': {
    product_family_code: 'moodle',
    version: '4.4dev (Build: 20231124)',
    messages_supported: [
      { type: 'LtiResourceLinkRequest' },
      { type: 'LtiDeepLinkingRequest', placements: ['ContentArea'] },
    ],
    variables: VARIABLE_NAMES,
  },
});

/**
 * The address that begins a registration: the tool's own, with where our configuration is and a token that
 * lives an hour and makes one tool.
 * @param update instead of making a tool, lets this one be read and changed
 */
export async function registrationUrl(lms: Lms, toolRegistrationUrl: string, update?: Tool): Promise<string> {
  const [key] = lms.state.data.keys;
  if (key?.kid === undefined) throw new Error('the LMS has no signing key');
  const now = seconds(lms.clock);
  const scope: TokenScope = update === undefined ? 'reg' : 'reg-update';
  const token = await signToken(
    { sub: update?.clientId ?? newClientId(), scope, iat: now, exp: now + TOKEN_LIFETIME_SECONDS },
    { typ: 'JWT', alg: 'RS256', kid: key.kid },
    privateKeyOf(key),
  );
  const url = new URL(toolRegistrationUrl);
  url.searchParams.set('openid_configuration', `${lms.origin()}${PATHS.configuration}`);
  url.searchParams.set('registration_token', token);
  return url.href;
}

const refusal = (status: number, words: string): Reply => ({
  status,
  type: 'text/html; charset=utf-8',
  body: words,
});

const BROKEN_TOKEN = refusal(
  404,
  '<!DOCTYPE html>\n<html lang="ru"><head><title>Error</title></head><body><p>Error</p></body></html>\n',
);

interface Token {
  readonly clientId: string;
  readonly scope: TokenScope;
}

async function readToken(lms: Lms, authorization: string): Promise<Token | Reply> {
  const jwt = /^Bearer (\S+)$/.exec(authorization)?.[1];
  if (jwt === undefined) return refusal(401, 'missing_registration_token');
  for (const key of lms.state.data.keys) {
    try {
      const { payload } = await compactVerify(jwt, publicJwk(key));
      const { sub, scope, exp } = JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>;
      const fresh = typeof exp === 'number' && exp > seconds(lms.clock);
      if (fresh && typeof sub === 'string' && (scope === 'reg' || scope === 'reg-update')) {
        return { clientId: sub, scope };
      }
    } catch {
      // Not signed with this key; perhaps with another of ours.
    }
  }
  return BROKEN_TOKEN;
}

const REQUIRED = [
  'response_types',
  'initiate_login_uri',
  'redirect_uris',
  'client_name',
  'jwks_uri',
  'token_endpoint_auth_method',
  TOOL_CONFIGURATION,
] as const;

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}

/** The first thing wrong with a registration, in the recorded words. */
export function problem(sent: Sent): string | null {
  const missing = REQUIRED.find((attribute) => sent[attribute] === undefined);
  if (missing !== undefined) return `missing required attribute ${missing}`;
  if (sent.application_type !== undefined && sent.application_type !== 'web')
    return 'invalid_application_type';
  if (!texts(sent.response_types).includes('id_token')) return 'invalid_response_types';
  if (sent.token_endpoint_auth_method !== 'private_key_jwt') return 'invalid_token_endpoint_auth_method';
  const configuration = record(sent[TOOL_CONFIGURATION]);
  const domain = text(configuration.domain);
  if (domain === '') return 'missing_domain';
  // The port belongs to it.
  return hostOf(text(configuration.target_link_uri)) === domain ? null : 'domain_targetlinkuri_mismatch';
}

export function toInput(sent: Sent, clientId: string): ToolInput {
  const configuration = record(sent[TOOL_CONFIGURATION]);
  const target = text(configuration.target_link_uri);
  const messages = Array.isArray(configuration.messages) ? configuration.messages.map(record) : [];
  const selecting = messages.find((message) => message.type === 'LtiDeepLinkingRequest');
  const asked = text(sent.scope).split(' ');
  const custom = Object.entries(record(configuration.custom_parameters)).map(
    ([key, value]) => [key, text(value)] as const,
  );
  const claims = texts(configuration.claims);
  return {
    url: new URL(target).origin,
    clientId,
    state: 'pending',
    name: text(sent.client_name),
    description: text(configuration.description),
    loginUrl: text(sent.initiate_login_uri),
    targetLinkUrl: target,
    deepLinkingUrl: selecting === undefined ? '' : text(selecting.target_link_uri) || target,
    redirectUrls: texts(sent.redirect_uris),
    jwksUrl: text(sent.jwks_uri),
    iconUrl: text(sent.logo_uri),
    custom: Object.fromEntries(custom),
    scopes: KNOWN_SCOPES.filter((scope) => asked.includes(scope)),
    sendName: claims.some((claim) => ['name', 'given_name', 'family_name'].includes(claim)),
    sendEmail: claims.includes('email'),
  };
}

/** The recorded platform's order of scopes, and its cut of custom values at the second "=". */
export function toolDocument(tool: Tool) {
  const order = [
    SCOPE.score,
    SCOPE.resultReadonly,
    SCOPE.lineItemReadonly,
    SCOPE.lineItem,
    SCOPE.memberships,
    SCOPE.toolSetting,
  ];
  const custom = tool.custom === '' ? [] : tool.custom.split('\n').map((line) => line.split('='));
  return {
    client_id: tool.clientId,
    response_types: ['id_token'],
    jwks_uri: tool.jwksUrl,
    initiate_login_uri: tool.loginUrl,
    grant_types: ['client_credentials', 'implicit'],
    redirect_uris: tool.redirectUrls,
    application_type: 'web',
    token_endpoint_auth_method: 'private_key_jwt',
    client_name: tool.name,
    logo_uri: tool.iconUrl,
    scope: order.filter((scope) => tool.scopes.includes(scope)).join(' '),
    [TOOL_CONFIGURATION]: {
      version: '1.3.0',
      deployment_id: tool.deploymentId,
      target_link_uri: tool.targetLinkUrl,
      domain: hostOf(tool.targetLinkUrl),
      description: tool.description,
      messages:
        tool.deepLinkingUrl === ''
          ? []
          : [{ type: 'LtiDeepLinkingRequest', target_link_uri: tool.deepLinkingUrl }],
      custom_parameters: Object.fromEntries(custom.map(([key = '', value = '']) => [key, value])),
      claims: [
        'sub',
        'iss',
        ...(tool.sendName ? ['name', 'family_name', 'given_name'] : []),
        ...(tool.sendEmail ? ['email'] : []),
      ],
    },
  };
}

const success = (tool: Tool, more: object = {}): Reply => ({
  status: 200,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify({ ...toolDocument(tool), ...more }),
});

/** Changes a tool already there; its ids and its state stay. */
export function updateTool(lms: Lms, tool: Tool, input: ToolInput): void {
  const {
    url: _url,
    clientId: _clientId,
    state: _state,
    homeLinks: _home,
    custom,
    scopes,
    redirectUrls,
    ...rest
  } = input;
  Object.assign(tool, rest, {
    custom: toLines(custom ?? {}),
    scopes: [...(scopes ?? [])],
    redirectUrls: [...(redirectUrls ?? [])],
  });
  lms.state.commit();
}

/** The registration endpoint. The tool made stays pending until an administrator activates it. */
export async function registrationReply(
  lms: Lms,
  method: string,
  authorization: string,
  body: string,
): Promise<Reply> {
  const token = await readToken(lms, authorization);
  if ('status' in token) return token;
  const [known] = lms.state.toolsOfClient(token.clientId);
  if (token.scope === 'reg-update') {
    if (known === undefined) return BROKEN_TOKEN;
    if (method === 'GET') return success(known);
  } else if (known !== undefined) {
    return refusal(401, 'token_already_used');
  }
  const sent = record(parseJson(body));
  const wrong = problem(sent);
  if (wrong !== null) return refusal(400, wrong);
  const input = toInput(sent, token.clientId);
  const tool = known ?? addTool(lms.state, input);
  if (known !== undefined) updateTool(lms, known, input);
  return success(tool, clientOf(lms, tool));
}

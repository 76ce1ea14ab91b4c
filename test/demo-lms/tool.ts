import { createPrivateKey, randomUUID, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { SignJWT, type JWTPayload } from 'jose';
import { newSigningKey, publicJwk } from '../../scripts/demo-lms/keys.js';
import { ALL_SCOPES } from '../../scripts/demo-lms/platform/scopes.js';
import type { DemoLms } from '../support/lms.js';

/** A tool just big enough to talk to the platform. It checks nothing: the platform is what is tested. */
export interface SmallTool {
  readonly url: string;
  /** Private, with kid. */
  readonly key: KeyObject;
  readonly kid: string;
  /** Form fields of the last call of the launch address, and its Cookie header. */
  readonly launched: { fields: Record<string, string>; cookie: string }[];
  /** Fields of the initiations received. */
  readonly logins: Record<string, string>[];
  /** Makes the login address answer with a page whose form goes to the platform, instead of a redirect. */
  interstitial: boolean;
  close(): Promise<void>;
}

const jwk = newSigningKey();

export async function startTool(): Promise<SmallTool> {
  const app = express();
  const key = createPrivateKey({ key: jwk as never, format: 'jwk' });
  const launched: SmallTool['launched'] = [];
  const logins: SmallTool['logins'] = [];
  const body = express.urlencoded({ extended: false });
  const state = { interstitial: false };
  const fieldsOf = (value: unknown): Record<string, string> => ({ ...(value as Record<string, string>) });

  app.get('/lti/keys', (_req, res) => {
    res.json({ keys: [publicJwk(jwk)] });
  });
  app.post('/lti/login', body, (req, res) => {
    const {
      iss = '',
      client_id = '',
      login_hint = '',
      lti_message_hint = '',
      target_link_uri = '',
    } = fieldsOf(req.body);
    logins.push(fieldsOf(req.body));
    const query = new URLSearchParams({
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id,
      redirect_uri: target_link_uri,
      login_hint,
      lti_message_hint,
      state: `state-${randomUUID()}`,
      nonce: `nonce-${randomUUID()}`,
    });
    res.cookie('state', 'kept', { sameSite: 'none', secure: true, partitioned: true, httpOnly: true });
    res.cookie('lax', 'kept', { sameSite: 'lax' });
    if (!state.interstitial) {
      res.redirect(`${iss}/mod/lti/auth.php?${query.toString()}`);
      return;
    }
    const inputs = [...query].map(([name, value]) => `<input type="hidden" name="${name}" value='${value}'>`);
    res.send(`<form method="get" action="${iss}/mod/lti/auth.php">${inputs.join('')}</form>`);
  });
  app.post('/lti/launch', body, (req, res) => {
    launched.push({ fields: fieldsOf(req.body), cookie: req.get('cookie') ?? '' });
    res.redirect(303, '/home');
  });
  app.get('/home', (_req, res) => {
    res.send('<h1>The tool</h1>');
  });

  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    // Another site than the LMS, as in life.
    url: `http://localhost:${port}`,
    key,
    kid: jwk.kid ?? '',
    launched,
    logins,
    get interstitial() {
      return state.interstitial;
    },
    set interstitial(value) {
      state.interstitial = value;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface AssertionChanges {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly kid?: string;
  readonly key?: KeyObject;
}

const nowOf = (lms: DemoLms): number => Math.floor(lms.control.clock.now().getTime() / 1000);

/** Anything signed with the tool's key. */
export const signAsTool = (tool: SmallTool, claims: object, { kid, key }: AssertionChanges = {}) =>
  new SignJWT(claims as JWTPayload)
    .setProtectedHeader({ alg: 'RS256', kid: kid ?? tool.kid })
    .sign(key ?? tool.key);

export function assertion(
  lms: DemoLms,
  tool: SmallTool,
  clientId: string,
  changes: AssertionChanges = {},
): Promise<string> {
  const now = nowOf(lms);
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: `${lms.origin}/mod/lti/token.php`,
    iat: now - 5,
    exp: now + 60,
    jti: randomUUID(),
    ...changes.claims,
  };
  return signAsTool(tool, claims, changes);
}

/** Asks the token endpoint with these form fields in place of the usual. */
export const askToken = (lms: DemoLms, fields: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(`${lms.origin}/mod/lti/token.php`, { method: 'POST', body: new URLSearchParams(fields) });

export const grantFields = (jwt: string, scope = ALL_SCOPES.join(' ')): Record<string, string> => ({
  grant_type: 'client_credentials',
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: jwt,
  scope,
});

export async function accessToken(
  lms: DemoLms,
  tool: SmallTool,
  clientId: string,
  scope = ALL_SCOPES.join(' '),
): Promise<string> {
  const response = await askToken(lms, grantFields(await assertion(lms, tool, clientId), scope));
  const { access_token } = JSON.parse(await response.text()) as { access_token?: string };
  if (access_token === undefined) throw new Error(`no token: ${response.status}`);
  return access_token;
}

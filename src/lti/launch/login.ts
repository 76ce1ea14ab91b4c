import type { NextFunction, RequestHandler, Response } from 'express';
import type { Clock } from '../../shared/clock.js';
import { newToken } from '../../shared/ids.js';
import type { Sealer } from '../../shared/sealing.js';
import { MAX_ADDRESS, setLongLogin, type cookieProbe } from './cookie-probe.js';
import { originsOf } from '../registrations/registration-addresses.js';
import type { Engine } from './engine.js';
import { setLoginCookie, LOGIN_TTL_MS, type LoginState } from './login-state.js';
import { singleParams } from '../claims/params.js';
import {
  setPlatformStorage,
  sealLogin,
  storageKey,
  storageOrigin,
  storageTarget,
} from './platform-storage.js';
import { trace } from './launch-result.js';
import { refuse } from './refusal.js';
import type { Registrations } from '../registrations/registrations.js';
import type { Registration } from '../registrations/registrations.store.js';

export interface LoginDeps {
  readonly publicUrl: string;
  readonly registrations: Registrations;
  readonly clock: Clock;
  readonly engine: Engine;
  readonly sealer: Sealer;
  readonly probe: ReturnType<typeof cookieProbe>;
  /** Shows the page for a browser without cookies; `uncookiedOf(req)` and `platformStorageOf(req)` return its data. */
  readonly showPage: RequestHandler;
}

/** Returns the redirect URI and target of every link; custom parameters name the content that a link opens. */
export const launchUrl = (publicUrl: string): string => `${publicUrl}/lti/launch`;

/**
 * Makes the handler of the third-party initiated login, by GET or POST. Refuses what ltijs would accept (parameters sent
 * twice, foreign targets, an ambiguous client), lets ltijs answer, and stores state, nonce and registration in a signed
 * cookie. https://www.imsglobal.org/spec/security/v1p0/#step-1-third-party-initiated-login
 */
export function loginGate(deps: LoginDeps): RequestHandler {
  return async (req, res, next) => {
    if (req.method !== 'GET' && req.method !== 'POST') throw refuse('lti-method', 405);
    // Some platforms send optional parameters without a value.
    const params = new Map([...singleParams(req)].filter(([, value]) => value !== ''));
    const iss = params.get('iss');
    const loginHint = params.get('login_hint');
    const target = params.get('target_link_uri');
    for (const [name, value] of Object.entries({ iss, login_hint: loginHint, target_link_uri: target })) {
      if (value === undefined) throw refuse('lti-missing-parameter', 400, { parameter: name });
    }
    checkTarget(deps.publicUrl, target ?? '');
    const registration = await findRegistration(deps.registrations, params);
    trace(req, { registration });
    const probed = deps.probe.check(req, res, next, params, registration);
    if (probed === null) return;

    // Passes ltijs checked parameters only; it takes its redirect URI from the target.
    const clean = Object.fromEntries(
      ['iss', 'login_hint', 'lti_message_hint', 'lti_deployment_id'].flatMap((name) => {
        const value = params.get(name);
        return value === undefined ? [] : [[name, value]];
      }),
    );
    req.body = { ...clean, client_id: registration.clientId, target_link_uri: launchUrl(deps.publicUrl) };
    const leave = (login: LoginState, to: string): void => {
      if (probed === 'passed') {
        setLoginCookie(res, login);
        if (to.length <= MAX_ADDRESS) {
          res.status(302).location(to).end();
          return;
        }
        // A platform takes its own long hint in a form: https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
        req.page.frameOrigins = originsOf(registration);
        req.page.formOrigins = [new URL(registration.authUrl).origin];
        setLongLogin(req, {
          action: registration.authUrl,
          fields: Object.fromEntries(new URL(to).searchParams),
        });
        deps.showPage(req, res, next);
        return;
      }
      setPlatformStorage(req, {
        target: storageTarget(params.get('lti_storage_target')) ?? '_parent',
        origin: storageOrigin(registration),
        key: storageKey(login.state),
        value: sealLogin(deps.sealer, login),
        goOn: to,
      });
      deps.showPage(req, res, next);
    };
    bindOnRedirect(deps, res, next, registration, leave);
    deps.engine.login(req, res, next, registration);
  };
}

/**
 * Accepts only the launch address of this tool. A query is allowed, because some platforms add one.
 * @throws DomainError `lti-target` (400)
 */
export function checkTarget(publicUrl: string, target: string): void {
  const expected = launchUrl(publicUrl);
  if (target === expected) return;
  const url = URL.canParse(target) ? new URL(target) : null;
  if (url === null || `${url.origin}${url.pathname}` !== expected) {
    throw refuse('lti-target', 400, { target_link_uri: target, expected });
  }
}

async function findRegistration(
  registrations: Registrations,
  params: ReadonlyMap<string, string>,
): Promise<Registration> {
  const issuer = params.get('iss') ?? '';
  const clientId = params.get('client_id');
  const deployment = params.get('lti_deployment_id');
  const received = { iss: issuer, client_id: clientId ?? '', lti_deployment_id: deployment ?? '' };
  const ofIssuer = await registrations.activeOf(issuer, clientId);
  // The client id is optional; without it the deployment may identify the registration.
  const candidates =
    ofIssuer.length > 1 ? ofIssuer.filter((item) => item.deployments.includes(deployment ?? '')) : ofIssuer;
  if (ofIssuer.length === 0) {
    const [known] = await registrations.knownOf(issuer, clientId);
    if (known?.state === 'pending') throw refuse('lti-platform-pending', 403, received);
    if (known?.state === 'disabled') throw refuse('lti-platform-disabled', 403, received);
    throw refuse('lti-unknown-platform', 400, received);
  }
  if (candidates[0] === undefined || candidates.length > 1) throw refuse('lti-which-client', 400, received);
  return candidates[0];
}

/** Replaces the redirect by which ltijs accepts a login: stores the login before the browser leaves. */
function bindOnRedirect(
  { publicUrl, clock }: LoginDeps,
  res: Response,
  next: NextFunction,
  registration: Registration,
  leave: (login: LoginState, to: string) => void,
): void {
  const redirect = res.redirect.bind(res);
  const cookie = res.cookie.bind(res);
  // ltijs's cookie holds only the issuer; this tool sets one of the same name.
  res.cookie = () => res;
  res.redirect = ((address: string) => {
    res.cookie = cookie;
    res.redirect = redirect;
    const made = new URL(address).searchParams;
    const state = made.get('state');
    if (state === null) {
      next(new Error('ltijs made no state'));
      return;
    }
    // ltijs makes its nonce with Math.random, which is predictable.
    const nonce = newToken();
    made.set('nonce', nonce);
    made.set('redirect_uri', launchUrl(publicUrl));
    // ltijs's formatter would break an address that already has a query.
    const to = new URL(registration.authUrl);
    const query = new URLSearchParams(to.search);
    for (const [name, value] of made) query.set(name, value);
    to.search = query.toString();
    const expires = clock.now().getTime() + LOGIN_TTL_MS;
    leave({ state, nonce, registrationId: registration.id, issuer: registration.issuer, expires }, to.href);
  }) as typeof res.redirect;
}

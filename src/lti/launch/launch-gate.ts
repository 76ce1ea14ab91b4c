import type { KeyObject } from 'node:crypto';
import { HOUR, MINUTE, SECOND, type Clock } from '../../shared/clock.js';
import type { Sealer } from '../../shared/sealing.js';
import type { Request, RequestHandler } from 'express';
import { CLAIM, readClaims, MESSAGE, type LaunchClaims } from '../claims/claims.js';
import type { Engine } from './engine.js';
import { JwksError, type JwksCache } from '../keys/jwks.js';
import { checkTarget } from './login.js';
import { KEPT_LOGIN, loginFromPage } from './platform-storage.js';
import { clearLoginCookie, isState, loginOf, showIssuer, type LoginState } from './login-state.js';
import { singleParams } from '../claims/params.js';
import { refuse } from './refusal.js';
import { acceptsDeployment } from '../registrations/registrations.deployments.js';
import type { Registrations } from '../registrations/registrations.js';
import type { Registration } from '../registrations/registrations.store.js';
import type { UsedStatesStore } from './used-states.store.js';
import { checkHeader, decode } from './token.js';
import { trace } from './launch-result.js';
import { needsTolerance, timeProblem } from './token-times.js';
import { verifyWithJose } from './verify.js';
import { ltiOf } from './request-context.js';

export interface LaunchGateDeps {
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly registrations: Registrations;
  readonly usedStates: UsedStatesStore;
  readonly jwks: JwksCache;
  readonly engine: Engine;
}

/** A launch whose signature, state, nonce, deployment and used claims are checked. */
export interface VerifiedLaunch {
  readonly registration: Registration;
  readonly claims: LaunchClaims;
  /** Where the login was stored: in the browser's cookie or in the platform's storage. */
  readonly keptBy: 'browser' | 'platform';
  /**
   * Settles when the state is stored as used. Await it before the answer.
   * @throws DomainError `lti-state` (403) if another request used the state at the same moment
   */
  confirm(): Promise<void>;
}

/** Returns the launch of a request behind the gate. */
export function launchOf(req: Request): VerifiedLaunch {
  const launch = ltiOf(req).launch;
  if (launch === undefined) throw new Error('launchOf: not behind the launch gate');
  return launch;
}

/**
 * Makes the handler that verifies the authentication response. A state works once, also if the launch is refused. It is
 * read first and written last, so that this write and the launch's own are one commit; of two requests at the same
 * moment the write decides. ltijs verifies the signature of message types that it knows, jose that of others.
 * https://www.imsglobal.org/spec/security/v1p0/#authentication-response-validation
 */
export function launchGate(deps: LaunchGateDeps): RequestHandler {
  return async (req, res, next) => {
    if (req.method !== 'POST') throw refuse('lti-method', 405);
    const params = singleParams(req);
    const problem = params.get('error');
    if (problem !== undefined) {
      throw refuse('lti-platform-error', 400, {
        error: problem,
        error_description: params.get('error_description') ?? '',
      });
    }
    const { idToken, state } = readForm(params);
    const kept = params.get(KEPT_LOGIN);
    const login = await findLogin(deps, req, state, kept);
    trace(req, { loginIn: kept === undefined ? 'cookie' : 'platform' });
    /** Runs after the signature is verified: checks the claims. */
    const accept = (registration: Registration, claims: LaunchClaims): void => {
      trace(req, { verified: true });
      checkDeployment(registration, claims);
      checkMessageTarget(deps.publicUrl, claims);
      const keptBy = kept === undefined ? 'browser' : 'platform';
      ltiOf(req).launch = {
        ...{ registration, claims, keptBy },
        confirm: confirmation(useUp(deps, login)),
      };
    };
    const refused = async (refusal: unknown): Promise<void> => {
      clearLoginCookie(res, login);
      await useUp(deps, login);
      next(refusal);
    };

    try {
      const registration = await findRegistration(deps.registrations, login);
      trace(req, { registration });
      const { header, payload } = decode(idToken);
      trace(req, { payload });
      const kid = checkHeader(header);
      const claims = checkEnvelope(req, deps.clock, payload, registration, login);
      // Before ltijs, which would refuse them in its own words.
      needClaims(claims);
      const key = await findKey(deps.jwks, registration, kid);
      const now = deps.clock.now();
      if (claims[CLAIM.messageType] === MESSAGE.submissionReview || needsTolerance(claims, now.getTime())) {
        await verifyWithJose(idToken, key, registration, now);
        accept(registration, claims);
        // The same check that ltijs makes for message types that it knows.
        clearLoginCookie(res, login);
        next();
        return;
      }
      showIssuer(req, login);
      // Passes ltijs only the two fields that it needs.
      req.body = { id_token: idToken, state };
      deps.engine.launch(
        req,
        res,
        (error?: unknown) => {
          try {
            if (error === undefined) accept(registration, claims);
          } catch (refusal) {
            error = refusal;
          }
          if (error === undefined) next();
          else refused(error).catch(next);
        },
        registration,
        key,
      );
    } catch (refusal) {
      await refused(refusal);
    }
  };
}

/** Returns a promise getter; several callers may await it, or none after another failure. */
function confirmation(used: Promise<boolean>): () => Promise<void> {
  used.catch(() => undefined);
  return async () => {
    if (!(await used)) throw refuse('lti-state', 403);
  };
}

function readForm(params: ReadonlyMap<string, string>): { idToken: string; state: string } {
  const idToken = params.get('id_token') ?? '';
  const state = params.get('state') ?? '';
  for (const [parameter, value] of Object.entries({ id_token: idToken, state })) {
    if (value === '') throw refuse('lti-missing-parameter', 400, { parameter });
  }
  // This tool makes no other form, and another may not be valid in the name of a cookie.
  if (!isState(state)) throw refuse('lti-state', 403);
  return { idToken, state };
}

/** Returns the login of the launch. @throws DomainError `lti-state-cookie`, `lti-state` (403) */
async function findLogin(
  deps: LaunchGateDeps,
  req: Request,
  state: string,
  kept: string | undefined,
): Promise<LoginState> {
  const { usedStates, clock } = deps;
  // Checked first: without the login this is another browser, which must not use up the state.
  const login = kept === undefined ? loginOf(req, state) : loginFromPage(req, deps, state, kept);
  if (login === null) throw refuse('lti-state-cookie', 403);
  if (login.expires <= clock.now().getTime() || (await usedStates.isUsed(state))) {
    throw refuse('lti-state', 403);
  }
  return login;
}

/** Returns false if another request was first. */
const useUp = ({ usedStates, clock }: LaunchGateDeps, { state, expires }: LoginState): Promise<boolean> =>
  usedStates.use(state, expires - clock.now().getTime());

/** Returns the registration, which may have been disabled since the login. @throws DomainError `lti-platform-disabled`, `lti-unknown-platform` (403) */
async function findRegistration(registrations: Registrations, login: LoginState): Promise<Registration> {
  const registration = await registrations.findOptionalById(login.registrationId);
  if (registration?.state === 'disabled') {
    throw refuse('lti-platform-disabled', 403, { iss: login.issuer });
  }
  if (registration?.state !== 'active' || registration.issuer !== login.issuer) {
    throw refuse('lti-unknown-platform', 403, { iss: login.issuer });
  }
  return registration;
}

async function findKey(jwks: JwksCache, registration: Registration, kid: string): Promise<KeyObject> {
  try {
    return await jwks.keyFor(registration.jwksUrl, kid);
  } catch (error) {
    if (!(error instanceof JwksError)) throw error;
    if (error.reason === 'unknown-key') throw refuse('lti-unknown-key', 403, { kid }, error);
    throw refuse('lti-keys-unreachable', 502, { reason: error.message }, error);
  }
}

/** Maximum age by `iat`. */
const OLDEST_MS = 10 * MINUTE;
/** Larger numbers of seconds are not valid dates. */
const LAST_MOMENT = 8.64e15;
const MAX_LIFETIME_S = (24 * HOUR) / SECOND;
/** The specification names the status of this refusal only. https://www.imsglobal.org/spec/security/v1p0/#authentication-response-validation */
const FOR_ANOTHER = 401;

/**
 * Checks the payload's shape, audience, times and nonce.
 * https://www.imsglobal.org/spec/security/v1p0/#authentication-response-validation
 * @throws DomainError with the claim's name
 */
function checkEnvelope(
  req: Request,
  clock: Clock,
  payload: unknown,
  registration: Registration,
  login: LoginState,
): LaunchClaims {
  const read = readClaims(payload);
  if ('claim' in read) {
    const { claim } = read;
    if (claim === 'aud') throw refuse('lti-audience', FOR_ANOTHER, { claim });
    throw refuse('lti-claim', 400, { claim });
  }
  const { claims, unreadable } = read;
  trace(req, { unreadable });
  const { iss, aud, azp, exp, iat, nbf, nonce } = claims;
  if (iss !== registration.issuer) throw refuse('lti-issuer', 403, { iss, expected: registration.issuer });
  const audience = Array.isArray(aud) ? aud[0] : aud;
  if (audience !== registration.clientId || (azp !== undefined && azp !== registration.clientId)) {
    throw refuse('lti-audience', FOR_ANOTHER, { aud: String(audience), expected: registration.clientId });
  }
  if (nonce !== login.nonce) throw refuse('lti-nonce', 403);
  const now = clock.now().getTime();
  const issued = iat * SECOND;
  const problem = timeProblem(claims, now);
  if (problem === 'expired' || now - issued > OLDEST_MS) throw refuse('lti-expired', 403);
  if (problem === 'future') {
    const from = Math.max(issued, (nbf ?? 0) * SECOND);
    throw refuse('lti-future', 403, { iat: new Date(Math.min(from, LAST_MOMENT)).toISOString() });
  }
  if (exp - iat > MAX_LIFETIME_S) throw refuse('lti-lifetime', 403);
  return claims;
}

function checkDeployment(registration: Registration, claims: LaunchClaims): void {
  const deployment = claims[CLAIM.deploymentId];
  if (!acceptsDeployment(registration, deployment)) {
    throw refuse('lti-unknown-deployment', 403, {
      iss: registration.issuer,
      client_id: registration.clientId,
      deployment_id: deployment,
    });
  }
}

/** Demands the claims that the message type requires. https://www.imsglobal.org/spec/lti/v1p3/#required-message-claims */
function needClaims(claims: LaunchClaims): void {
  const need = (claim: keyof LaunchClaims): void => {
    if (claims[claim] === undefined) throw refuse('lti-claim', 400, { claim });
  };
  switch (claims[CLAIM.messageType]) {
    case MESSAGE.submissionReview:
      need(CLAIM.forUser);
      need(CLAIM.resourceLink);
      break;
    case MESSAGE.resourceLink:
      need(CLAIM.targetLinkUri);
      need(CLAIM.resourceLink);
      break;
    case MESSAGE.deepLinking:
      need(CLAIM.deepLinkingSettings);
      break;
  }
}

function checkMessageTarget(publicUrl: string, claims: LaunchClaims): void {
  const target = claims[CLAIM.targetLinkUri];
  if (target !== undefined) checkTarget(publicUrl, target);
}

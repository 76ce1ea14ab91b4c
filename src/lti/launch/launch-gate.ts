import type { KeyObject } from 'node:crypto';
import { HOUR, MINUTE, SECOND, type Clock } from '../../shared/clock.js';
import type { Sealer } from '../../shared/sealing.js';
import type { Request, RequestHandler } from 'express';
import { CLAIM, launchClaims, MESSAGE, type LaunchClaims } from '../claims/claims.js';
import type { Engine } from './engine.js';
import { JwksError, type JwksCache } from '../keys/jwks.js';
import { checkTarget } from './login.js';
import { KEPT_LOGIN, loginFromPage } from './platform-storage.js';
import { forgetLogin, isState, loginOf, showIssuer, type LoginState } from './login-state.js';
import { singleParams } from '../claims/params.js';
import { refuse } from './refusal.js';
import { isWelcome, type Registrations } from '../registrations/registrations.js';
import type { Registration } from '../registrations/registrations.store.js';
import type { UsedStatesStore } from './used-states.store.js';
import { checkHeader, decode } from './token.js';
import { trace } from './launch-result.js';
import { verifyWithJose } from './verify.js';

export interface LaunchGateDeps {
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly registrations: Registrations;
  readonly usedStates: UsedStatesStore;
  readonly jwks: JwksCache;
  readonly engine: Engine;
}

/** A launch whose every claim that we use has been checked. */
export interface VerifiedLaunch {
  readonly registration: Registration;
  readonly claims: LaunchClaims;
  /** Who kept the login meanwhile: this browser, in a cookie, or the platform's page, where there are none. */
  readonly keptBy: 'browser' | 'platform';
  /**
   * Settles once the login is on record as used; to be awaited before anything is answered.
   * @throws DomainError `lti-state` (403) when another request used it at the same moment
   */
  confirm(): Promise<void>;
}

const launches = new WeakMap<Request, VerifiedLaunch>();

/** The launch that a request behind the gate brought. */
export function launchOf(req: Request): VerifiedLaunch {
  const launch = launches.get(req);
  if (launch === undefined) throw new Error('launchOf: not behind the launch gate');
  return launch;
}

/**
 * The authentication response (Security Framework 5.1.1.5 and 5.1.3). A state works once, whatever comes with it.
 * It is asked about first and written down last, so that this write and those of the launch are one commit: of
 * two requests that come at the same moment, the write decides. ltijs verifies the signature of what it knows;
 * messages it does not know are verified by jose, behind the same checks.
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
    /** Behind the signature: what the platform says may be believed, and judged. */
    const accept = (registration: Registration, claims: LaunchClaims): void => {
      trace(req, { verified: true });
      checkDeployment(registration, claims);
      checkMessage(deps.publicUrl, claims);
      const keptBy = kept === undefined ? 'browser' : 'platform';
      launches.set(req, { registration, claims, keptBy, confirm: confirmation(useUp(deps, login)) });
    };
    const refused = async (refusal: unknown): Promise<void> => {
      forgetLogin(res, login);
      await useUp(deps, login);
      next(refusal);
    };

    try {
      const registration = await findRegistration(deps.registrations, login);
      trace(req, { registration });
      const { header, payload } = decode(idToken);
      trace(req, { payload });
      const kid = checkHeader(header);
      const claims = checkEnvelope(deps.clock, payload, registration, login);
      const key = await findKey(deps.jwks, registration, kid);
      if (claims[CLAIM.messageType] === MESSAGE.submissionReview) {
        await verifyWithJose(idToken, key, registration);
        accept(registration, claims);
        // As ltijs does for the messages that it knows.
        forgetLogin(res, login);
        next();
        return;
      }
      showIssuer(req, login);
      // ltijs meets the two fields it needs, whatever else was posted.
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

/** Several requests may wait for it, or none, when something else goes wrong first. */
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
  // Any other form never left this tool, and would not do as a cookie's name.
  if (!isState(state)) throw refuse('lti-state', 403);
  return { idToken, state };
}

/** @throws DomainError `lti-state-cookie`, `lti-state` (403) */
async function findLogin(
  deps: LaunchGateDeps,
  req: Request,
  state: string,
  kept: string | undefined,
): Promise<LoginState> {
  const { usedStates, clock } = deps;
  // Checked first: without its login this is another browser, which must not use up the state either.
  const login = kept === undefined ? loginOf(req, state) : loginFromPage(req, deps, state, kept);
  if (login === null) throw refuse('lti-state-cookie', 403);
  if (login.expires <= clock.now().getTime() || (await usedStates.isUsed(state))) {
    throw refuse('lti-state', 403);
  }
  return login;
}

/** @returns false when somebody was first */
const useUp = ({ usedStates, clock }: LaunchGateDeps, { state, expires }: LoginState): Promise<boolean> =>
  usedStates.use(state, expires - clock.now().getTime());

/** The registration may have been disabled since the login. @throws DomainError `lti-unknown-platform` (403) */
async function findRegistration(registrations: Registrations, login: LoginState): Promise<Registration> {
  const registration = await registrations.findOptionalById(login.registrationId);
  if (registration?.state !== 'active' || registration.issuer !== login.issuer) {
    throw refuse('lti-unknown-platform', 403, { iss: login.issuer });
  }
  return registration;
}

async function findKey(
  jwks: JwksCache,
  registration: Registration,
  kid: string | undefined,
): Promise<KeyObject> {
  try {
    return await jwks.keyFor(registration.jwksUrl, kid);
  } catch (error) {
    if (!(error instanceof JwksError)) throw error;
    if (error.reason === 'unknown-key') throw refuse('lti-unknown-key', 403, { kid: kid ?? '' }, error);
    throw refuse('lti-keys-unreachable', 502, { reason: error.message }, error);
  }
}

/** Not older than this, by `iat`; not further ahead than a minute of wrong clocks. */
const OLDEST_MS = 10 * MINUTE;
const AHEAD_MS = MINUTE;
/** Numbers beyond it are no dates. */
const LAST_MOMENT = 8.64e15;
const LONGEST_LIFE_S = (24 * HOUR) / SECOND;
/** The one refusal whose status the specification names (Security Framework 5.1.3, 3). */
const FOR_ANOTHER = 401;

/**
 * The payload's shape, and whether it is for us, now, and for this login (Security Framework 5.1.3).
 * @throws DomainError with the claim's name
 */
function checkEnvelope(
  clock: Clock,
  payload: unknown,
  registration: Registration,
  login: LoginState,
): LaunchClaims {
  const parsed = launchClaims.safeParse(payload);
  if (!parsed.success) {
    const claim = String(parsed.error.issues[0]?.path[0] ?? '');
    if (claim === 'aud') throw refuse('lti-audience', FOR_ANOTHER, { claim });
    throw refuse('lti-claim', 400, { claim });
  }
  const claims = parsed.data;
  const { iss, aud, azp, exp, iat, nonce } = claims;
  if (iss !== registration.issuer) throw refuse('lti-issuer', 403, { iss, expected: registration.issuer });
  const audience = Array.isArray(aud) ? aud[0] : aud;
  if (audience !== registration.clientId || (azp !== undefined && azp !== registration.clientId)) {
    throw refuse('lti-audience', FOR_ANOTHER, { aud: String(audience), expected: registration.clientId });
  }
  if (nonce !== login.nonce) throw refuse('lti-nonce', 403);
  const now = clock.now().getTime();
  const issued = iat * SECOND;
  if (exp * SECOND <= now || now - issued > OLDEST_MS) throw refuse('lti-expired', 403);
  if (issued - now > AHEAD_MS) {
    throw refuse('lti-future', 403, { iat: new Date(Math.min(issued, LAST_MOMENT)).toISOString() });
  }
  if (exp - iat > LONGEST_LIFE_S) throw refuse('lti-lifetime', 403);
  return claims;
}

function checkDeployment(registration: Registration, claims: LaunchClaims): void {
  const deployment = claims[CLAIM.deploymentId];
  if (!isWelcome(registration, deployment)) {
    throw refuse('lti-unknown-deployment', 403, {
      iss: registration.issuer,
      client_id: registration.clientId,
      deployment_id: deployment,
    });
  }
}

/** What each message type cannot do without (Core 1.3, 5.3; Deep Linking 2.0, 4.4). */
function checkMessage(publicUrl: string, claims: LaunchClaims): void {
  const need = (claim: keyof LaunchClaims): void => {
    if (claims[claim] === undefined || claims[claim] === null) throw refuse('lti-claim', 400, { claim });
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
  const target = claims[CLAIM.targetLinkUri];
  if (target !== undefined) checkTarget(publicUrl, target);
}

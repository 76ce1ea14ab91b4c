import { SECOND } from '../../shared/clock.js';
import type { AccessTokens } from '../keys/access-tokens.js';
import {
  OutboundError,
  type Outbound,
  type OutboundRequest,
  type OutboundResponse,
} from '../transport/outbound.js';
import type { Registration } from '../registrations/registrations.store.js';
import { isSuccess } from '../transport/platform-answer.js';
import { ServiceError, unanswered } from '../transport/service-error.js';

/** A platform's service as a launch named it. */
export interface ServiceAccess {
  readonly registration: Registration;
  /** From the launch's claim; null if no launch named any. */
  readonly scopes: readonly string[] | null;
}

export interface Services {
  /**
   * Calls a service with an access token and returns the answer, whatever its status. After a 401 the call is repeated
   * once with a new token.
   * https://www.imsglobal.org/spec/security/v1p0/#securing_web_services
   * @param needs scopes of which any is enough, the preferred one first
   * @throws ServiceError if there is no answer
   */
  call(
    access: ServiceAccess,
    needs: readonly [string, ...string[]],
    request: Omit<OutboundRequest, 'timeoutMs'>,
  ): Promise<OutboundResponse>;
}

export interface ServicesDeps {
  readonly outbound: Outbound;
  readonly tokens: AccessTokens;
  /** Timeout of a call, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 15 * SECOND;

/** Returns the granted scopes: the launch's, else the registration's; null if neither names any. */
const grantedTo = ({ registration, scopes }: ServiceAccess): readonly string[] | null =>
  scopes ?? registration.scopes;

/** Returns true if the scope was granted, or if it is unknown which scopes were. */
export const isGranted = (access: ServiceAccess, scope: string): boolean =>
  grantedTo(access)?.includes(scope) ?? true;

/**
 * Returns the scope to request a token for.
 * @throws ServiceError `no-scope` if none of them was granted
 */
function scopeFor(access: ServiceAccess, needs: readonly [string, ...string[]]): string {
  const granted = grantedTo(access);
  const scope = granted === null ? needs[0] : needs.find((need) => granted.includes(need));
  if (scope === undefined) throw new ServiceError('no-scope', false, '');
  return scope;
}

export function createServices({ outbound, tokens, timeoutMs = TIMEOUT_MS }: ServicesDeps): Services {
  async function once(token: string, request: Omit<OutboundRequest, 'timeoutMs'>): Promise<OutboundResponse> {
    try {
      const response = await outbound.send({
        ...request,
        timeoutMs,
        headers: { ...request.headers, authorization: `Bearer ${token}` },
      });
      // Some error pages repeat the request, and are shown.
      return isSuccess(response.status) || !response.body.includes(token)
        ? response
        : { ...response, body: response.body.replaceAll(token, '…') };
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      throw unanswered(error);
    }
  }

  return {
    async call(access, needs, request) {
      const scopes = [scopeFor(access, needs)];
      const token = await tokens.get(access.registration, scopes);
      const response = await once(token, request);
      if (response.status !== 401) return response;
      tokens.discard(token);
      const fresh = await tokens.get(access.registration, scopes);
      const again = await once(fresh, request);
      if (again.status === 401) tokens.discard(fresh);
      return again;
    },
  };
}

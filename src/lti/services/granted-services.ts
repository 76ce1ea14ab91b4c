import { SECOND } from '../../shared/clock.js';
import type { AccessTokens } from '../keys/access-tokens.js';
import {
  OutboundError,
  type Outbound,
  type OutboundRequest,
  type OutboundResponse,
} from '../transport/outbound.js';
import type { Registration } from '../registrations/registrations.store.js';
import { ServiceError, unanswered } from '../transport/service-error.js';

/** A platform's service as a launch told of it. */
export interface ServiceAccess {
  readonly registration: Registration;
  /** As the launch's claim names them; null where no launch has. */
  readonly scopes: readonly string[] | null;
}

export interface Services {
  /**
   * Asks a service with an access token. A token that is taken no more is replaced once, at once.
   * @param needs scopes of which any one is enough, the preferred one first
   * @returns whatever was answered, refusals included
   * @throws ServiceError when it did not come to an answer
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
  /** How long an answer is waited for, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 15 * SECOND;

/** What was granted: the launch speaks last, then the registration; null where neither has said. */
const grantedTo = ({ registration, scopes }: ServiceAccess): readonly string[] | null =>
  scopes ?? registration.scopes;

/** Whether this scope was granted, or nobody has said. */
export const isGranted = (access: ServiceAccess, scope: string): boolean =>
  grantedTo(access)?.includes(scope) ?? true;

/** A scope to ask a token for: only ever one that was granted, if it is known what was. */
function scopeFor(access: ServiceAccess, needs: readonly [string, ...string[]]): string {
  const granted = grantedTo(access);
  const scope = granted === null ? needs[0] : needs.find((need) => granted.includes(need));
  if (scope === undefined) throw new ServiceError('no-scope', false, '');
  return scope;
}

export function createServices({ outbound, tokens, timeoutMs = TIMEOUT_MS }: ServicesDeps): Services {
  async function once(token: string, request: Omit<OutboundRequest, 'timeoutMs'>): Promise<OutboundResponse> {
    try {
      return await outbound.send({
        ...request,
        timeoutMs,
        headers: { ...request.headers, authorization: `Bearer ${token}` },
      });
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

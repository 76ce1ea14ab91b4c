import { z } from 'zod';
import { createAccessTokens } from '../keys/access-tokens.js';
import { AGS_SCOPE } from '../services/scores.js';
import { fetchKeys, JwksError } from '../keys/jwks.js';
import { OutboundError, type Outbound, type OutboundResponse } from '../transport/outbound.js';
import { jsonIn } from '../transport/platform-answer.js';
import { configurationUrls } from './platform-configuration.js';
import type { Registration } from './registrations.store.js';
import { ServiceError } from '../transport/service-error.js';
import type { ToolKeys } from '../keys/tool-keys.js';
import { SECOND, type Clock } from '../../shared/clock.js';

/** Why a step failed: `OutboundError`'s reasons, and what can be wrong with an answer. */
export type ConnectionProblem =
  | OutboundError['reason']
  /** It answered with another status than 200; `detail` has it. */
  | 'refused'
  | 'unreadable'
  /** The key set holds no RSA signature key of at least 2048 bits. */
  | 'no-keys'
  /** The platform has not granted the right to write grades. */
  | 'no-scope'
  /** The configuration names another address or issuer than is registered. */
  | 'differs';

export interface ConnectionStep {
  readonly step: 'keys' | 'configuration' | 'token';
  /** `none`: the platform does not offer this, and need not. */
  readonly outcome: 'ok' | 'failed' | 'none';
  readonly problem?: ConnectionProblem;
  /** The platform's own words, or the names of what differs. */
  readonly detail?: string;
}

export interface ConnectionReport {
  readonly steps: readonly ConnectionStep[];
  /** By how many seconds the platform's clock is ahead of ours; negative when behind; null when it tells none. */
  readonly skew: number | null;
}

/** OpenID Connect Discovery 1.0, 3: the fields that a registration has as well. */
const configuration = z.object({
  issuer: z.string().optional(),
  authorization_endpoint: z.string().optional(),
  token_endpoint: z.string().optional(),
  jwks_uri: z.string().optional(),
});

const LONGEST_DETAIL = 300;

type Outcome = Omit<ConnectionStep, 'step'>;

export function createConnectionCheck(
  outbound: Outbound,
  toolKeys: ToolKeys,
  clock: Clock,
): (registration: Registration) => Promise<ConnectionReport> {
  return async (registration) => {
    const dates: number[] = [];
    /** The same door, noting what time it is on the other side. */
    const watched: Outbound = {
      ...outbound,
      async send(request) {
        const asked = clock.now().getTime();
        const response = await outbound.send(request);
        const told = Date.parse(String(response.headers.date));
        // The answer was written somewhere between asking and now; headers know whole seconds.
        if (!Number.isNaN(told)) dates.push(told + SECOND / 2 - (asked + clock.now().getTime()) / 2);
        return response;
      },
    };
    const steps: ConnectionStep[] = [
      { step: 'keys', ...(await attempt(() => checkKeys(watched, registration))) },
      { step: 'configuration', ...(await attempt(() => checkConfiguration(watched, registration))) },
      { step: 'token', ...(await attempt(() => checkToken(watched, registration))) },
    ];
    const skew = dates[0];
    return { steps, skew: skew === undefined ? null : Math.round(skew / SECOND) };
  };

  /** With an empty cache of its own: a token that we hold already would show nothing. */
  async function checkToken(door: Outbound, registration: Registration): Promise<Outcome> {
    await createAccessTokens(toolKeys, door, clock).get(registration, [AGS_SCOPE.score]);
    return { outcome: 'ok' };
  }
}

async function checkKeys(door: Outbound, { jwksUrl }: Registration): Promise<Outcome> {
  const keys = await fetchKeys(door, jwksUrl);
  return keys.size > 0 ? { outcome: 'ok' } : { outcome: 'failed', problem: 'no-keys' };
}

async function checkConfiguration(door: Outbound, registration: Registration): Promise<Outcome> {
  const { configurationUrl, issuer } = registration;
  for (const url of configurationUrl === null ? configurationUrls(issuer) : [configurationUrl]) {
    const response = await door.send({ url, headers: { accept: 'application/json' } });
    const read = response.status === 200 ? readConfiguration(response) : null;
    if (read !== null) return compared(registration, read);
  }
  // Many platforms serve one to dynamic registration only, elsewhere or not at all.
  return { outcome: 'none' };
}

/** What it says now against what was registered. */
function compared(registration: Registration, read: z.output<typeof configuration>): Outcome {
  const differing = Object.entries({
    issuer: registration.issuer,
    authorization_endpoint: registration.authUrl,
    token_endpoint: registration.tokenUrl,
    jwks_uri: registration.jwksUrl,
  }).flatMap(([name, ours]) => {
    const theirs = read[name as keyof typeof read];
    return theirs === undefined || [theirs, normal(theirs)].includes(ours) ? [] : [`${name} ${theirs}`];
  });
  return differing.length === 0
    ? { outcome: 'ok' }
    : { outcome: 'failed', problem: 'differs', detail: differing.join(', ').slice(0, LONGEST_DETAIL) };
}

/** As an address is written when it is registered. */
const normal = (address: string): string => (URL.canParse(address) ? new URL(address).href : address);

/** A page in HTML, such as a catch-all's, is no configuration. */
function readConfiguration({ body }: OutboundResponse): z.output<typeof configuration> | null {
  return configuration.safeParse(jsonIn(body)).data ?? null;
}

async function attempt(check: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await check();
  } catch (error) {
    const cause = error instanceof OutboundError ? error : (error as Error).cause;
    if (cause instanceof OutboundError) {
      return { outcome: 'failed', problem: cause.reason, detail: cause.message };
    }
    if (error instanceof ServiceError && error.problem === 'no-scope') {
      return { outcome: 'failed', problem: 'no-scope', detail: error.message };
    }
    if (error instanceof ServiceError || error instanceof JwksError) {
      const detail = error.message.slice(0, LONGEST_DETAIL);
      const unreadable = cause instanceof SyntaxError || cause instanceof z.ZodError;
      return { outcome: 'failed', problem: unreadable ? 'unreadable' : 'refused', detail };
    }
    throw error;
  }
}

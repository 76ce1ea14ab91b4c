import { z } from 'zod';
import { createAccessTokens } from '../keys/access-tokens.js';
import { AGS_SCOPE } from '../services/scores.js';
import { fetchKeys, JwksError } from '../keys/jwks.js';
import { OutboundError, type Outbound, type OutboundResponse } from '../transport/outbound.js';
import { isSuccess, jsonIn } from '../transport/platform-answer.js';
import { configurationUrls } from './platform-configuration.js';
import { audienceOf } from './token-audience.js';
import type { Registration } from './registrations.store.js';
import { ServiceError } from '../transport/service-error.js';
import type { ToolKeys } from '../keys/tool-keys.js';
import { SECOND, type Clock } from '../../shared/clock.js';

/** Why a step failed: the reasons of `OutboundError` and those of an answer. */
export type ConnectionProblem =
  | OutboundError['reason']
  /** The answer's status is not 200; `detail` contains it. */
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
  /** `none`: the platform does not offer this, which is optional. */
  readonly outcome: 'ok' | 'failed' | 'none';
  readonly problem?: ConnectionProblem;
  /** The platform's message, or the names of differing fields. */
  readonly detail?: string;
}

export interface ConnectionReport {
  readonly steps: readonly ConnectionStep[];
  /** Seconds by which the platform's clock is ahead of this machine's; negative if behind; null if unknown. */
  readonly skew: number | null;
}

/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata, the fields of a registration */
const configuration = z.object({
  issuer: z.string().optional(),
  authorization_endpoint: z.string().optional(),
  token_endpoint: z.string().optional(),
  authorization_server: z.string().optional(),
  jwks_uri: z.string().optional(),
});

const MAX_DETAIL_LENGTH = 300;

type Outcome = Omit<ConnectionStep, 'step'>;

export function createConnectionCheck(
  outbound: Outbound,
  toolKeys: ToolKeys,
  clock: Clock,
): (registration: Registration) => Promise<ConnectionReport> {
  return async (registration) => {
    const dates: number[] = [];
    /** The outbound requests, with the platform's times recorded. */
    const watched: Outbound = {
      ...outbound,
      async send(request) {
        const asked = clock.now().getTime();
        const response = await outbound.send(request);
        const date = Date.parse(String(response.headers.date));
        // The answer was written between the request and now; the header has whole seconds.
        if (!Number.isNaN(date)) dates.push(date + SECOND / 2 - (asked + clock.now().getTime()) / 2);
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

  /** Requests a token with an empty cache, because a cached one would prove nothing. */
  async function checkToken(outbound: Outbound, registration: Registration): Promise<Outcome> {
    await createAccessTokens(toolKeys, outbound, clock).get(registration, [AGS_SCOPE.score]);
    return { outcome: 'ok' };
  }
}

async function checkKeys(outbound: Outbound, { jwksUrl }: Registration): Promise<Outcome> {
  const keys = await fetchKeys(outbound, jwksUrl);
  return keys.size > 0 ? { outcome: 'ok' } : { outcome: 'failed', problem: 'no-keys' };
}

async function checkConfiguration(outbound: Outbound, registration: Registration): Promise<Outcome> {
  const { configurationUrl, issuer } = registration;
  for (const url of configurationUrl === null ? configurationUrls(issuer) : [configurationUrl]) {
    const response = await outbound.send({ url, headers: { accept: 'application/json' } });
    const read = isSuccess(response.status) ? readConfiguration(response) : null;
    if (read !== null) return compared(registration, read);
  }
  // Many platforms serve a configuration only for dynamic registration, at another address, or not at all.
  return { outcome: 'none' };
}

/** Compares the platform's configuration with the registration. */
function compared(registration: Registration, read: z.output<typeof configuration>): Outcome {
  const differing = Object.entries({
    issuer: registration.issuer,
    authorization_endpoint: registration.authUrl,
    token_endpoint: registration.tokenUrl,
    authorization_server: audienceOf(registration),
    jwks_uri: registration.jwksUrl,
  }).flatMap(([name, ours]) => {
    const theirs = read[name as keyof typeof read];
    return theirs === undefined || [theirs, normal(theirs)].includes(ours) ? [] : [`${name} ${theirs}`];
  });
  return differing.length === 0
    ? { outcome: 'ok' }
    : { outcome: 'failed', problem: 'differs', detail: differing.join(', ').slice(0, MAX_DETAIL_LENGTH) };
}

/** Returns an address in the form in which registrations store it. */
const normal = (address: string): string => (URL.canParse(address) ? new URL(address).href : address);

/** Returns null for anything but JSON, such as a catch-all page. */
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
      const detail = error.message.slice(0, MAX_DETAIL_LENGTH);
      const unreadable = cause instanceof SyntaxError || cause instanceof z.ZodError;
      return { outcome: 'failed', problem: unreadable ? 'unreadable' : 'refused', detail };
    }
    throw error;
  }
}

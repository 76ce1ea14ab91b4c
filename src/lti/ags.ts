import { SECOND } from '../shared/clock.js';
import type { AccessTokens } from './access-tokens.js';
import { TokenError } from './access-tokens.js';
import { OutboundError, type Outbound, type OutboundResponse } from './outbound.js';
import type { Registration } from './registrations.store.js';

/** Scopes of Assignment and Grade Services 2.0 (section 3). */
export const AGS_SCOPE = {
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
} as const;

/** A score as the platform takes it (AGS 2.0, 3.4.1). */
export interface Score {
  /** The platform's own id of the person: `sub` of their launch. */
  readonly userId: string;
  /** From 0 up to, and with some platforms above, `scoreMaximum`. */
  readonly scoreGiven: number;
  /** Greater than 0. */
  readonly scoreMaximum: number;
  readonly comment?: string | undefined;
  /** Later than that of any score sent before for this person and line item. */
  readonly timestamp: Date;
  readonly submittedAt?: Date | undefined;
}

/** What became of a score; `reason` is in the platform's own words where it had any. */
export type ScoreOutcome =
  | { readonly kind: 'delivered' }
  /** 409: the platform holds a score with this timestamp or a later one. */
  | { readonly kind: 'conflict'; readonly reason: string }
  | { readonly kind: 'retry'; readonly reason: string; readonly retryAfterMs?: number }
  | { readonly kind: 'refused'; readonly reason: string };

export interface Ags {
  /** Sends one final score (Completed, FullyGraded). Never throws for what a platform answers. */
  sendScore(registration: Registration, lineItem: string, score: Score): Promise<ScoreOutcome>;
}

/** `…/lineitem?type_id=1` → `…/lineitem/scores?type_id=1`: the path grows, the query stays (AGS 2.0, 3.4). */
export function scoresUrl(lineItem: string): string {
  const url = new URL(lineItem);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/scores`;
  return url.href;
}

export function createAgs(outbound: Outbound, tokens: AccessTokens): Ags {
  async function send(registration: Registration, lineItem: string, score: Score): Promise<ScoreOutcome> {
    const token = await tokens.get(registration, [AGS_SCOPE.score]);
    const response = await outbound.send({
      url: scoresUrl(lineItem),
      method: 'POST',
      timeoutMs: 15 * SECOND,
      headers: {
        authorization: `Bearer ${token}`,
        // Exactly this type, and compact JSON: Moodle refuses anything else, one of them with a 200.
        'content-type': 'application/vnd.ims.lis.v1.score+json',
      },
      body: JSON.stringify({
        userId: score.userId,
        scoreGiven: score.scoreGiven,
        scoreMaximum: score.scoreMaximum,
        ...(score.comment !== undefined && { comment: score.comment }),
        // Anything but FullyGraded erases the grade that stands in Moodle.
        activityProgress: 'Completed',
        gradingProgress: 'FullyGraded',
        timestamp: score.timestamp.toISOString(),
        ...(score.submittedAt !== undefined && {
          submission: { submittedAt: score.submittedAt.toISOString() },
        }),
      }),
    });
    if (response.status === 401) tokens.discard(token);
    return outcomeOf(response);
  }

  return {
    async sendScore(registration, lineItem, score) {
      try {
        return await send(registration, lineItem, score);
      } catch (error) {
        if (error instanceof TokenError) {
          return { kind: error.heals ? 'retry' : 'refused', reason: error.message };
        }
        if (error instanceof OutboundError) {
          const heals = error.reason !== 'bad-address' && error.reason !== 'private-address';
          return { kind: heals ? 'retry' : 'refused', reason: error.message };
        }
        throw error;
      }
    },
  };
}

/** Statuses that say "later", besides 5xx. */
const LATER = new Set([401, 408, 423, 425, 429]);

function outcomeOf(response: OutboundResponse): ScoreOutcome {
  const { status } = response;
  const reason = `${status} ${wordsOf(response.body)}`.trim();
  if (status >= 200 && status < 300) {
    // Moodle answers a refused score with 200 and `[]`; Canvas a taken one with an object; most with nothing.
    return takenBody(response.body) ? { kind: 'delivered' } : { kind: 'retry', reason };
  }
  if (status === 409) return { kind: 'conflict', reason };
  if (status >= 500 || LATER.has(status)) {
    const wait = retryAfter(response.headers['retry-after']);
    return { kind: 'retry', reason, ...(wait !== undefined && { retryAfterMs: wait }) };
  }
  return { kind: 'refused', reason };
}

function takenBody(body: string): boolean {
  if (body.trim() === '') return true;
  try {
    const value = JSON.parse(body) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), as milliseconds from now. */
function retryAfter(header: string | string[] | undefined): number | undefined {
  const value = Array.isArray(header) ? header[0] : header;
  if (value === undefined) return undefined;
  if (/^\d{1,7}$/.test(value)) return Number(value) * SECOND;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

const LONGEST_REASON = 300;

/** The platform's explanation: a known field of its JSON, or its text without tags. */
function wordsOf(body: string): string {
  try {
    const value = JSON.parse(body) as Record<string, unknown> | null;
    for (const name of ['reason', 'message', 'error_description', 'error', 'detail']) {
      const text = value?.[name];
      if (typeof text === 'string') return text.slice(0, LONGEST_REASON);
    }
  } catch {
    // Not JSON: a page or plain text.
  }
  return body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST_REASON);
}

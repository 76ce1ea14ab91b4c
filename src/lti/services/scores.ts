import type { Clock } from '../../shared/clock.js';
import type { OutboundResponse } from '../transport/outbound.js';
import { isLater, platformWords, retryAfterOf } from '../transport/platform-answer.js';
import { platformOf, type Platform } from '../platforms/index.js';
import { ServiceError, type ServiceProblem } from '../transport/service-error.js';
import type { ServiceAccess, Services } from './granted-services.js';

/** Scopes of Assignment and Grade Services 2.0 (section 3). */
export const AGS_SCOPE = {
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
  result: 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
  lineItem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  lineItemReadonly: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
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

/** What did not go well: `problem` where it has a name of ours, `reason` in the platform's own words. */
interface Trouble {
  readonly problem?: ServiceProblem;
  readonly reason: string;
}

/** What became of a score. */
export type ScoreOutcome =
  | { readonly kind: 'delivered' }
  /** 409: the platform holds a score with this timestamp or a later one. */
  | (Trouble & { readonly kind: 'conflict' })
  | (Trouble & {
      readonly kind: 'retry';
      readonly retryAfterMs?: number;
      /** Others would fare no better: it is the platform that is unhealthy, not this score. */
      readonly unhealthy: boolean;
    })
  | (Trouble & { readonly kind: 'refused' });

export interface Ags {
  /**
   * Sends one final score (Completed, FullyGraded). Never throws for what a platform answers.
   * @param lineItem its address, as a launch named it
   */
  sendScore(access: ServiceAccess, lineItem: string, score: Score): Promise<ScoreOutcome>;
}

/** `…/lineitem?type_id=1` → `…/lineitem/scores?type_id=1`: the path grows, the query stays (AGS 2.0, 3.4). */
export const scoresUrl = (lineItem: string): string => below(lineItem, 'scores').href;

/** An address below a line item's; its query stays. */
export function below(lineItem: string, name: string): URL {
  const url = new URL(lineItem);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${name}`;
  return url;
}

export function createAgs(services: Services, clock: Clock): Ags {
  const send = (access: ServiceAccess, lineItem: string, score: Score): Promise<OutboundResponse> =>
    services.call(access, [AGS_SCOPE.score], {
      url: scoresUrl(lineItem),
      method: 'POST',
      // Exactly this type, and compact JSON: Moodle refuses anything else, one of them with a 200.
      headers: { 'content-type': 'application/vnd.ims.lis.v1.score+json' },
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

  return {
    async sendScore(access, lineItem, score) {
      try {
        return outcomeOf(await send(access, lineItem, score), platformOf(access.registration), clock.now());
      } catch (error) {
        if (error instanceof ServiceError) return outcomeOfError(error);
        throw error;
      }
    },
  };
}

function outcomeOfError({ problem, retryable, message: reason, retryAfterMs }: ServiceError): ScoreOutcome {
  if (!retryable) return { kind: 'refused', problem, reason };
  return {
    kind: 'retry',
    problem,
    reason,
    unhealthy: true,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

function outcomeOf(response: OutboundResponse, platform: Platform, now: Date): ScoreOutcome {
  const { status } = response;
  const reason = `${status} ${platformWords(response.body)}`.trim();
  if (status >= 200 && status < 300) {
    return platform.acceptsScore(response.body)
      ? { kind: 'delivered' }
      : { kind: 'retry', reason, unhealthy: false };
  }
  if (status === 409) return { kind: 'conflict', reason };
  if (isLater(status)) {
    const wait = retryAfterOf(response, now);
    return { kind: 'retry', reason, unhealthy: true, ...(wait !== undefined && { retryAfterMs: wait }) };
  }
  return { kind: 'refused', reason };
}

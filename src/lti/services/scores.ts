import type { Clock } from '../../shared/clock.js';
import type { OutboundResponse } from '../transport/outbound.js';
import { isGone, isLater, isSuccess, platformMessage, retryAfterOf } from '../transport/platform-answer.js';
import { platformOf, type Platform } from '../platforms/index.js';
import { ServiceError, type ServiceProblem } from '../transport/service-error.js';
import type { ServiceAccess, Services } from './granted-services.js';

/** https://www.imsglobal.org/spec/lti-ags/v2p0#assignment-and-grade-service-claim */
export const AGS_SCOPE = {
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
  result: 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
  lineItem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  lineItemReadonly: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
} as const;

/** https://www.imsglobal.org/spec/lti-ags/v2p0#score-publish-service */
export interface Score {
  /** The platform's id of the person: `sub` of their launch. */
  readonly userId: string;
  /** At least 0; some platforms accept more than `scoreMaximum`. */
  readonly scoreGiven: number;
  /** Greater than 0. */
  readonly scoreMaximum: number;
  readonly comment?: string | undefined;
  /** Later than that of any score sent before for this person and line item. */
  readonly timestamp: Date;
  readonly submittedAt?: Date | undefined;
}

/** `not-member`: the person is not among the course's participants. `no-line-item`: the line item was not found. */
export type ScoreProblem = ServiceProblem | 'not-member' | 'no-line-item';

/** Why a score was not accepted: `problem` if it is a known one, `reason` in the platform's words. */
interface Failure {
  readonly problem?: ScoreProblem;
  readonly reason: string;
}

/** Result of publishing a score. */
export type ScoreOutcome =
  | { readonly kind: 'delivered' }
  /** 409: the platform has a score with this timestamp or a later one. */
  | (Failure & { readonly kind: 'conflict' })
  | (Failure & {
      readonly kind: 'retry';
      readonly retryAfterMs?: number;
      /** True if the platform is at fault, so that other scores would fail as well. */
      readonly unhealthy: boolean;
    })
  | (Failure & { readonly kind: 'refused' });

/** Publishes scores. https://www.imsglobal.org/spec/lti-ags/v2p0#score-publish-service */
export interface Scores {
  /**
   * Publishes one final score (Completed, FullyGraded). An answer of the platform never makes it throw.
   * @param lineItem the line item's address
   */
  sendScore(access: ServiceAccess, lineItem: string, score: Score): Promise<ScoreOutcome>;
}

const SCORE = 'application/vnd.ims.lis.v1.score+json';

/** Returns `…/lineitem/scores?type_id=1` for `…/lineitem?type_id=1`. */
export const scoresUrl = (lineItem: string): string => below(lineItem, 'scores').href;

/** Returns an address below a line item's, with the same query. */
export function below(lineItem: string, name: string): URL {
  const url = new URL(lineItem);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${name}`;
  return url;
}

export function createScores(services: Services, clock: Clock): Scores {
  const send = (access: ServiceAccess, lineItem: string, score: Score): Promise<OutboundResponse> =>
    services.call(access, [AGS_SCOPE.score], {
      url: scoresUrl(lineItem),
      method: 'POST',
      // Moodle refuses any other type, and answers JSON that is not compact with 200 without taking the score.
      // Chamilo answers 415 without the same Accept.
      headers: { accept: SCORE, 'content-type': SCORE },
      body: JSON.stringify({
        userId: score.userId,
        scoreGiven: score.scoreGiven,
        scoreMaximum: score.scoreMaximum,
        ...(score.comment !== undefined && { comment: score.comment }),
        // Moodle erases the grade for anything but FullyGraded.
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
  const reason = `${status} ${platformMessage(response.body)}`.trim();
  if (isSuccess(status)) {
    return platform.acceptsScore(response.body)
      ? { kind: 'delivered' }
      : { kind: 'retry', reason, unhealthy: false };
  }
  if (status === 409) return { kind: 'conflict', reason };
  if (isLater(response, platform)) {
    const wait = retryAfterOf(response, now);
    return { kind: 'retry', reason, unhealthy: true, ...(wait !== undefined && { retryAfterMs: wait }) };
  }
  if (isGone(status)) return { kind: 'refused', problem: 'no-line-item', reason };
  return {
    kind: 'refused',
    reason,
    ...(platform.refusesPerson(response) && { problem: 'not-member' as const }),
  };
}

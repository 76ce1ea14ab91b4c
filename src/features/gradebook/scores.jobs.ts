import { z } from 'zod';
import {
  defineJob,
  defineLane,
  exponential,
  JobError,
  type Job,
  type JobRun,
} from '../../infra/jobs/index.js';
import type { Scores, Registrations, ScoreOutcome } from '../../lti/index.js';
import { DAY, HOUR, SECOND, type Clock } from '../../shared/clock.js';
import type { GradeProblem, SendingResult, SendingRow } from './score-row.store.js';
import type { GradesStore } from './scores.store.js';

/** How many scores travel to one platform at the same time, per process. */
export const SCORES_AT_ONCE = 8;

/** Each platform has slots and a breaker of its own, so that a slow or dead one holds up no other. */
export const scoresLane = defineLane({ name: 'scores', limit: SCORES_AT_ONCE, ahead: 4 });

export interface SendScoreDeps {
  readonly store: Pick<GradesStore, 'findUnsent' | 'end' | 'giveUp'>;
  readonly scores: Scores;
  readonly registrations: Pick<Registrations, 'findOptionalById'>;
  /** Puts the line item of a row in doubt, for it may be gone. */
  readonly doubt: (row: SendingRow) => Promise<void>;
  readonly clock: Clock;
}

const payload = z.object({ scoreId: z.string(), registrationId: z.string() });
export type SendScorePayload = z.infer<typeof payload>;

type Undelivered =
  | Exclude<ScoreOutcome, { kind: 'delivered' }>
  | { readonly kind: 'refused'; readonly problem: GradeProblem; readonly reason: string };

/** A score has not arrived. */
class UndeliveredError extends JobError {
  override readonly name = 'UndeliveredError';
  constructor(
    readonly row: SendingRow,
    readonly outcome: Undelivered,
  ) {
    // The LMS's words may name the person: the row keeps them, and the job has the status alone.
    super(outcome.problem ?? outcome.reason.split(' ', 1)[0] ?? '', {
      retryable: outcome.kind !== 'refused',
      laneDown: outcome.kind === 'retry' && outcome.unhealthy,
      ...(outcome.kind === 'retry' && { retryAfterMs: outcome.retryAfterMs }),
    });
  }
}

/**
 * The job that sends one row of the outbox to the LMS's gradebook.
 * https://www.imsglobal.org/spec/lti-ags/v2p0#score-publish-service
 */
export function sendScoreJob({
  store,
  scores,
  registrations,
  doubt,
  clock,
}: SendScoreDeps): Job<SendScorePayload> {
  const send = async (row: SendingRow): Promise<ScoreOutcome | Undelivered> => {
    const registration = await registrations.findOptionalById(row.registrationId);
    if (registration?.state !== 'active') return { kind: 'refused', problem: 'disabled', reason: '' };
    return scores.sendScore({ registration, scopes: row.scopes }, row.lineItem, {
      userId: row.sub,
      scoreGiven: row.scoreGiven,
      scoreMaximum: row.scoreMaximum,
      comment: row.comment === '' ? undefined : row.comment,
      timestamp: row.timestamp,
      submittedAt: row.submittedAt,
    });
  };

  return defineJob<SendScorePayload>({
    name: 'send-score',
    payload,
    key: ({ scoreId }) => scoreId,
    lane: scoresLane,
    laneKey: ({ registrationId }) => registrationId,
    retry: exponential({ first: 1.5 * SECOND, factor: 1.5, upTo: HOUR, giveUp: 3 * DAY }),

    async run({ payload: { scoreId }, attempt: tries }: JobRun<SendScorePayload>) {
      const row = await store.findUnsent(scoreId, clock.now());
      if (row === null) return;
      const outcome = await send(row);
      if (outcome.kind !== 'delivered') throw new UndeliveredError(row, outcome);
      const now = clock.now();
      await store.end(row, now, {
        what: 'delivered',
        tries,
        state: 'sent',
        deliveredAt: now,
        held: null,
        heldAt: null,
        problem: '',
        reason: '',
      });
    },

    async onFailure({ payload: { scoreId }, attempt: tries }, { error, nextAt }) {
      if (error instanceof UndeliveredError) {
        await store.end(error.row, clock.now(), { tries, ...resultOf(error, nextAt) });
        if (error.outcome.problem === 'no-line-item') await doubt(error.row);
      }
      // A fault of this program is no word of the LMS.
      else if (nextAt === null) await store.giveUp(scoreId, clock.now());
    },
  });
}

function resultOf({ outcome }: UndeliveredError, nextAt: Date | null): Omit<SendingResult, 'tries'> {
  const told = { problem: outcome.problem ?? ('' as const), reason: outcome.reason };
  if (nextAt !== null) return { what: outcome.kind, dueAt: nextAt, ...told };
  return { what: outcome.kind === 'refused' ? 'refused' : 'gave-up', state: 'failed', ...told };
}

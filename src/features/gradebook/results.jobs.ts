import { z } from 'zod';
import { defineJob, defineLane, exponential, type Job } from '../../infra/jobs/index.js';
import type { Registrations, Results } from '../../lti/index.js';
import { MINUTE, msSince, type Clock } from '../../shared/clock.js';
import type { GradeRow } from './score-row.store.js';
import type { GradesStore } from './scores.store.js';

export interface ReadResultDeps {
  readonly store: Pick<GradesStore, 'findSent' | 'noteHeld'>;
  readonly results: Results;
  readonly registrations: Pick<Registrations, 'findOptionalById'>;
  readonly clock: Clock;
}

const payload = z.object({ scoreId: z.string(), registrationId: z.string() });
export type ReadResultPayload = z.infer<typeof payload>;

const resultsLane = defineLane({ name: 'results', limit: 2 });

/** For so long what was read is shown as it is. */
const FRESH_MS = 10 * MINUTE;

/** Returns true if it is not known what the gradebook holds of a row that has arrived. */
export const isUnread = ({ state, heldAt }: GradeRow, now: Date): boolean =>
  state === 'sent' && (heldAt === null || msSince(heldAt.getTime(), now.getTime()) > FRESH_MS);

/**
 * The job that reads what the gradebook holds of one row: a teacher may have changed it there, or the LMS has taken it
 * and shows none. https://www.imsglobal.org/spec/lti-ags/v2p0#result-service
 */
export function readResultJob({
  store,
  results,
  registrations,
  clock,
}: ReadResultDeps): Job<ReadResultPayload> {
  return defineJob<ReadResultPayload>({
    name: 'read-result',
    payload,
    key: ({ scoreId }) => scoreId,
    lane: resultsLane,
    laneKey: ({ registrationId }) => registrationId,
    retry: exponential({ first: MINUTE, factor: 2, upTo: FRESH_MS, giveUp: FRESH_MS }),
    async run({ payload: { scoreId } }) {
      const row = await store.findSent(scoreId);
      if (row === null || !isUnread(row, clock.now())) return;
      const registration = await registrations.findOptionalById(row.registrationId);
      if (registration?.state !== 'active') return;
      const answer = await results.read({ registration, scopes: row.scopes }, row.lineItem, row.sub);
      const held =
        answer.kind === 'read' ? { score: answer.result.score, maximum: answer.result.maximum } : null;
      // What cannot be read is not asked for at each look.
      await store.noteHeld(row, held, clock.now());
    },
  });
}

import { z } from 'zod';
import type { Events } from '../../infra/events/index.js';
import { defineJob, defineLane, type Jobs } from '../../infra/jobs/index.js';
import { DECISION_MARK, type DecisionsStore } from './decisions.store.js';
import type { PrivacyService } from './privacy.service.js';

export interface PrivacyJobsDeps {
  readonly jobs: Jobs;
  readonly events: Events;
  readonly decisions: DecisionsStore;
  readonly service: Pick<PrivacyService, 'carryOut'>;
}

/** Decisions are about different people, and each takes many writes. */
const decisionsLane = defineLane({ name: 'decisions', limit: 10 });

/** Erases and merges people: one job for each decision. */
export function addPrivacyJobs({ jobs, events, decisions, service }: PrivacyJobsDeps): void {
  const carryOutDecision = jobs.register(
    defineJob({
      name: 'carry-out-decision',
      payload: z.object({ personId: z.string() }),
      key: ({ personId }) => personId,
      lane: decisionsLane,
      run: ({ payload }) => service.carryOut(payload.personId),
    }),
  );
  events.watchMark(decisions.model, DECISION_MARK, carryOutDecision, (personId) => ({ personId }));
}

import './retention/retention.view.js';
import type { Request, Router } from 'express';
import type { Clock } from '../../shared/clock.js';
import type { PersonalCollection } from '../../shared/personal-collections.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { Storage } from '../../storage/index.js';
import type { Events } from '../../infra/events/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import type { Audit, AuditActor } from '../../infra/audit/index.js';
import type { MembershipFeature } from '../membership/index.js';
import { createDecisionsStore } from './decisions.store.js';
import { privacyCollections } from './personal-collections.js';
import { createPrivacyService, type PrivacyService } from './privacy.service.js';
import { addPrivacyJobs } from './privacy.jobs.js';
import { peopleRetention } from './retention/people.retention.js';
import { addRetentionJob } from './retention/retention.jobs.js';
import { retentionRouter } from './retention/retention.routes.js';
import { createRetention, type RetentionService } from './retention/retention.service.js';
import { createRetentionStore } from './retention/retention.store.js';

export type { PrivacyService } from './privacy.service.js';

export interface PrivacyDeps {
  readonly storage: Storage;
  readonly jobs: Jobs;
  readonly events: Events;
  readonly clock: Clock;
  readonly membership: Pick<MembershipFeature, 'personQueries' | 'personalData'>;
  readonly audit: Audit;
  /** What the other features keep of people; asked when needed. */
  readonly personalDataSources: () => readonly PersonalData[];
  /** Collections that hold persons beside those of `personalDataSources`. */
  readonly collections: readonly PersonalCollection[];
}

/** A person as a whole, over all features: exported, erased, made one with another. For the administrator alone. */
export interface PrivacyFeature {
  readonly service: PrivacyService;
  readonly retention: RetentionService;
  /** `/admin/retention` */
  retentionRouter(byOf: (req: Request) => AuditActor): Router;
  /** Every collection that holds persons. */
  readonly collections: readonly PersonalCollection[];
}

export function createPrivacy({
  storage,
  jobs,
  events,
  clock,
  membership,
  audit,
  personalDataSources,
  collections,
}: PrivacyDeps): PrivacyFeature {
  const decisions = createDecisionsStore(storage.connection);
  const service = createPrivacyService({
    personQueries: membership.personQueries,
    personalDataSources: () => [...personalDataSources(), membership.personalData],
    decisions,
    audit,
    clock,
    foldLog: () => storage.foldLog(),
  });
  addPrivacyJobs({ jobs, events, decisions, service });
  const retention = createRetention({
    store: createRetentionStore(storage.connection),
    rules: () => [
      peopleRetention({ personQueries: membership.personQueries, privacy: service }),
      ...personalDataSources().flatMap((source) => source.retention ?? []),
      audit.retention,
    ],
    audit,
    clock,
  });
  addRetentionJob(jobs, retention);
  return {
    service,
    retention,
    retentionRouter: (byOf) => retentionRouter(retention, byOf, clock),
    collections: [
      ...[...personalDataSources(), membership.personalData].flatMap((source) => source.collections),
      ...collections,
      ...privacyCollections,
    ],
  };
}

import type { Logger } from 'pino';
import { SECOND, type Clock } from '../../shared/clock.js';
import type { PersonalCollection } from '../../shared/personal-collections.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { Queue } from '../../shared/queue.js';
import { Rounds } from '../../shared/rounds.js';
import type { Storage } from '../../storage/index.js';
import type { Audit } from '../../infra/audit/index.js';
import type { MembershipFeature } from '../membership/index.js';
import { privacyCollections } from './personal-collections.js';
import { createPrivacyService, type PrivacyService } from './privacy.service.js';
import { createWorkStore } from './work.store.js';

export type { PrivacyService } from './privacy.service.js';

export interface PrivacyDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Logger;
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
  /** Finishes what killed processes left unfinished. */
  readonly worker: Rounds;
  /** Erasures and merges that are not finished. */
  queue(): Promise<Queue>;
  /** Every collection that holds persons. */
  readonly collections: readonly PersonalCollection[];
}

export function createPrivacy({
  storage,
  clock,
  log,
  membership,
  audit,
  personalDataSources,
  collections,
}: PrivacyDeps): PrivacyFeature {
  const work = createWorkStore(storage.connection);
  const service = createPrivacyService({
    personQueries: membership.personQueries,
    personalDataSources: () => [...personalDataSources(), membership.personalData],
    work,
    audit,
    clock,
    log,
  });
  const worker = new Rounds({
    everyMs: 30 * SECOND,
    round: () => service.settle(),
    failed: (error) => log.error({ err: error }, 'people: unfinished work could not be looked for'),
  });
  return {
    service,
    worker,
    queue: () => work.queue(),
    collections: [
      ...[...personalDataSources(), membership.personalData].flatMap((source) => source.collections),
      ...collections,
      ...privacyCollections,
    ],
  };
}

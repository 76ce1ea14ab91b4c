import type { Logger } from 'pino';
import { SECOND, type Clock } from '../../shared/clock.js';
import type { Estate } from '../../shared/estate.js';
import type { Queue } from '../../shared/queue.js';
import { Rounds } from '../../shared/rounds.js';
import type { Storage } from '../../storage/index.js';
import type { Audit } from '../audit/index.js';
import type { LaunchRoom } from '../launch/index.js';
import { createPeopleService, type PeopleService } from './people.service.js';
import { createWorkStore } from './work.store.js';

export type { PeopleService } from './people.service.js';

export interface PeopleDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Logger;
  readonly launch: Pick<LaunchRoom, 'census' | 'estate'>;
  readonly audit: Audit;
  /** What the other rooms keep of people; asked when needed. */
  readonly estates: () => readonly Estate[];
}

/** A person as a whole, over all rooms: exported, erased, made one with another. For the administrator alone. */
export interface PeopleRoom {
  readonly service: PeopleService;
  /** Finishes what killed processes left unfinished. */
  readonly worker: Rounds;
  /** Erasures and merges that are not finished. */
  queue(): Promise<Queue>;
}

export function createPeople({ storage, clock, log, launch, audit, estates }: PeopleDeps): PeopleRoom {
  const work = createWorkStore(storage.connection);
  const service = createPeopleService({
    census: launch.census,
    estates: () => [...estates(), launch.estate],
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
  return { service, worker, queue: () => work.queue() };
}

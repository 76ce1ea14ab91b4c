import type { Lti } from '../../lti/index.js';
import type { Queue } from '../../shared/queue.js';
import { programVersion } from '../../shared/version.js';
import type { Storage } from '../../storage/index.js';
import type { GradesRoom } from '../grades/index.js';
import type { LaunchRoom } from '../launch/index.js';
import { diskOf, isShort, type Disk } from './disk.js';

export interface OverviewDeps {
  readonly storage: Pick<Storage, 'engine'>;
  readonly lti: Pick<Lti, 'registrations'>;
  readonly launch: Pick<LaunchRoom, 'census'>;
  readonly grades: Pick<GradesRoom, 'health'>;
  /** What waits in the other rooms. */
  readonly queues: Readonly<Record<Exclude<QueueName, 'grades'>, () => Promise<Queue>>>;
  readonly databaseUrl: string;
}

type QueueName = 'grades' | 'handIns' | 'rosters' | 'notices' | 'people';

export interface Overview {
  readonly platforms: { readonly all: number; readonly active: number };
  readonly people: number;
  readonly courses: number;
  readonly grades: Queue;
  readonly queues: readonly (Queue & { readonly name: QueueName })[];
  readonly engine: Storage['engine'];
  readonly version: string;
  readonly node: string;
  /** Null where the database is on no disk of ours. */
  readonly disk: (Disk & { readonly short: boolean }) | null;
}

/** How the house stands: its size, and what waits. */
export async function overview({
  storage,
  lti,
  launch,
  grades,
  queues,
  databaseUrl,
}: OverviewDeps): Promise<Overview> {
  const [platforms, { total: people }, courses, outbox, handIns, rosters, notices, work, disk] =
    await Promise.all([
      lti.registrations.list(),
      launch.census.searchPeople([], 0, 1),
      launch.census.countCourses(),
      grades.health(),
      queues.handIns(),
      queues.rosters(),
      queues.notices(),
      queues.people(),
      diskOf(databaseUrl),
    ]);
  return {
    platforms: {
      all: platforms.length,
      active: platforms.filter(({ state }) => state === 'active').length,
    },
    people,
    courses,
    grades: outbox,
    queues: [
      { name: 'grades', ...outbox },
      { name: 'handIns', ...handIns },
      { name: 'rosters', ...rosters },
      { name: 'notices', ...notices },
      { name: 'people', ...work },
    ],
    engine: storage.engine,
    version: programVersion,
    node: process.version,
    disk: disk && { ...disk, short: isShort(disk) },
  };
}

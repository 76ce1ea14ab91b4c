import { readFileSync } from 'node:fs';
import type { Lti } from '../../lti/index.js';
import type { Storage } from '../../storage/index.js';
import type { GradesRoom, OutboxHealth } from '../grades/index.js';
import type { LaunchRoom } from '../launch/index.js';
import { diskOf, isShort, type Disk } from './disk.js';

export interface OverviewDeps {
  readonly storage: Pick<Storage, 'engine'>;
  readonly lti: Pick<Lti, 'registrations'>;
  readonly launch: Pick<LaunchRoom, 'census'>;
  readonly grades: Pick<GradesRoom, 'health'>;
  readonly databaseUrl: string;
}

export interface Overview {
  readonly platforms: { readonly all: number; readonly active: number };
  readonly people: number;
  readonly courses: number;
  readonly grades: OutboxHealth;
  readonly engine: Storage['engine'];
  readonly version: string;
  readonly node: string;
  /** Null where the database is on no disk of ours. */
  readonly disk: (Disk & { readonly short: boolean }) | null;
}

/** src/rooms/admin and dist/rooms/admin lie equally deep. */
const VERSION = (
  JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/** How the house stands: its size, and what waits. */
export async function overview({
  storage,
  lti,
  launch,
  grades,
  databaseUrl,
}: OverviewDeps): Promise<Overview> {
  const [platforms, { total: people }, courses, outbox, disk] = await Promise.all([
    lti.registrations.list(),
    launch.census.searchPeople([], 0, 1),
    launch.census.countCourses(),
    grades.health(),
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
    engine: storage.engine,
    version: VERSION,
    node: process.version,
    disk: disk && { ...disk, short: isShort(disk) },
  };
}

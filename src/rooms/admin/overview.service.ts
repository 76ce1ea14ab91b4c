import { readFileSync } from 'node:fs';
import type { Lti } from '../../lti/index.js';
import type { Storage } from '../../storage/index.js';
import type { GradesRoom, OutboxHealth } from '../grades/index.js';
import type { LaunchRoom } from '../launch/index.js';

export interface OverviewDeps {
  readonly storage: Pick<Storage, 'engine'>;
  readonly lti: Pick<Lti, 'registrations'>;
  readonly launch: Pick<LaunchRoom, 'census'>;
  readonly grades: Pick<GradesRoom, 'health'>;
}

export interface Overview {
  readonly platforms: { readonly all: number; readonly active: number };
  readonly people: number;
  readonly courses: number;
  readonly grades: OutboxHealth;
  readonly engine: Storage['engine'];
  readonly version: string;
  readonly node: string;
}

/** src/rooms/admin and dist/rooms/admin lie equally deep. */
const VERSION = (
  JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/** How the house stands: its size, and what waits. */
export async function overview({ storage, lti, launch, grades }: OverviewDeps): Promise<Overview> {
  const [platforms, { total: people }, courses, outbox] = await Promise.all([
    lti.registrations.list(),
    launch.census.searchPeople([], 0, 1),
    launch.census.countCourses(),
    grades.health(),
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
  };
}

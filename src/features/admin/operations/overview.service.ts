import type { Jobs } from '../../../infra/jobs/index.js';
import type { Lti } from '../../../lti/index.js';
import type { Queue } from '../../../shared/queue.js';
import type { Files } from '../../../infra/files/index.js';
import type { Mail } from '../../../infra/mail/index.js';
import { programVersion } from '../../../shared/version.js';
import type { Storage } from '../../../storage/index.js';
import type { GradebookFeature } from '../../gradebook/index.js';
import type { MembershipFeature } from '../../membership/index.js';
import { diskOf, isShort, type Disk } from './disk.js';

export interface OverviewDeps {
  readonly storage: Pick<Storage, 'engine'>;
  readonly lti: Pick<Lti, 'registrations'>;
  readonly membership: Pick<MembershipFeature, 'personQueries'>;
  readonly grades: Pick<GradebookFeature, 'health'>;
  /** What waits in the other features. */
  readonly queues: Readonly<Record<Exclude<QueueName, 'grades'>, () => Promise<Queue>>>;
  readonly databaseUrl: string;
  readonly mail: Pick<Mail, 'mode'>;
  readonly files: Pick<Files, 'count'>;
}

type QueueName = 'grades' | 'scorePublishing' | 'rosters' | 'notices' | 'people';

export interface Overview {
  readonly platforms: { readonly all: number; readonly active: number };
  readonly people: number;
  readonly courses: number;
  readonly grades: Queue;
  readonly queues: readonly (Queue & { readonly name: QueueName })[];
  readonly mail: Mail['mode'];
  readonly files: number;
  readonly engine: Storage['engine'];
  readonly version: string;
  readonly node: string;
  /** Null where the database is on no disk of ours. */
  readonly disk: (Disk & { readonly short: boolean }) | null;
}

/** Figures of one kind of background work. */
export async function queueOf(jobs: Pick<Jobs, 'overview'>, name: string): Promise<Queue> {
  const figures = (await jobs.overview()).find((job) => job.name === name);
  if (figures === undefined) return { waiting: 0, oldest: null, failed: 0 };
  const { waiting, running, oldest, failed } = figures;
  return { waiting: waiting + running, oldest, failed };
}

/** How the application stands: its size, and what waits. */
export async function overview({
  storage,
  lti,
  membership,
  grades,
  queues,
  databaseUrl,
  mail,
  files,
}: OverviewDeps): Promise<Overview> {
  const [
    platforms,
    { total: people },
    courses,
    outbox,
    scorePublishing,
    rosters,
    notices,
    work,
    disk,
    stored,
  ] = await Promise.all([
    lti.registrations.list(),
    membership.personQueries.searchPeople([], 0, 1),
    membership.personQueries.countCourses(),
    grades.health(),
    queues.scorePublishing(),
    queues.rosters(),
    queues.notices(),
    queues.people(),
    diskOf(databaseUrl),
    files.count(),
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
      { name: 'scorePublishing', ...scorePublishing },
      { name: 'rosters', ...rosters },
      { name: 'notices', ...notices },
      { name: 'people', ...work },
    ],
    mail: mail.mode,
    files: stored,
    engine: storage.engine,
    version: programVersion,
    node: process.version,
    disk: disk && { ...disk, short: isShort(disk) },
  };
}

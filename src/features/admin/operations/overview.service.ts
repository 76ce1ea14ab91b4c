import type { JobFigures, Jobs } from '../../../infra/jobs/index.js';
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
  readonly jobs: Pick<Jobs, 'overview'>;
  readonly databaseUrl: string;
  readonly mail: Pick<Mail, 'mode'>;
  readonly files: Pick<Files, 'count'>;
}

/** What the page calls a kind of background work, and its job. */
const QUEUES = {
  scorePublishing: 'publish-score',
  rosters: 'read-roster',
  notices: 'note-context-copy',
  people: 'carry-out-decision',
} as const;
type QueueName = 'grades' | keyof typeof QUEUES;

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

function queueOf(jobs: readonly JobFigures[], name: string): Queue {
  const figures = jobs.find((job) => job.name === name);
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
  jobs,
  databaseUrl,
  mail,
  files,
}: OverviewDeps): Promise<Overview> {
  const [platforms, { total: people }, courses, outbox, figures, disk, stored] = await Promise.all([
    lti.registrations.list(),
    membership.personQueries.searchPeople([], 0, 1),
    membership.personQueries.countCourses(),
    grades.health(),
    jobs.overview(),
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
      ...(Object.keys(QUEUES) as (keyof typeof QUEUES)[]).map((name) => ({
        name,
        ...queueOf(figures, QUEUES[name]),
      })),
    ],
    mail: mail.mode,
    files: stored,
    engine: storage.engine,
    version: programVersion,
    node: process.version,
    disk: disk && { ...disk, short: isShort(disk) },
  };
}

import { once } from 'node:events';
import { connect } from 'node:tls';
import type { Jobs } from '../../../infra/jobs/index.js';
import { platformName, type Registration } from '../../../lti/index.js';
import { DAY, HOUR, SECOND, type Clock } from '../../../shared/clock.js';
import type { Alarms } from '../../notifications/index.js';
import { isShort, type Disk } from './disk.js';

export interface AlarmJobsDeps {
  readonly jobs: Pick<Jobs, 'schedule' | 'overview' | 'lanesDown'>;
  readonly alarms: Alarms;
  readonly platforms: () => Promise<readonly Registration[]>;
  /** Null for a database that lies on no disk of ours. */
  readonly disk: () => Promise<Disk | null>;
  readonly publicUrl: string;
  readonly clock: Clock;
}

/** Work that is due for this long stands still. */
const STANDS_MS = HOUR;
/** Certificates are renewed a month before their end; then something has gone wrong. */
const ENDS_MS = 14 * DAY;

/** Looks for what an administrator must see to, and has it told. */
export function addAlarmJobs(deps: AlarmJobsDeps): void {
  const { jobs, alarms, clock } = deps;
  jobs.schedule({
    name: 'raise-alarms',
    cron: '*/10 * * * *',
    async run() {
      const at = clock.now();
      const figures = await jobs.overview();
      for (const { name, oldest } of figures) {
        if (oldest !== null && at.getTime() - oldest.getTime() > STANDS_MS)
          await alarms.raise({ name: 'queue', detail: name, at });
      }
      const platforms = await deps.platforms();
      for (const { lane } of jobs.lanesDown()) {
        const platform = platforms.find(({ id }) => lane.endsWith(`:${id}`));
        if (platform !== undefined) await alarms.raise({ name: 'lms', detail: platformName(platform), at });
      }
      const disk = await deps.disk();
      if (disk !== null && isShort(disk))
        await alarms.raise({ name: 'disk', detail: `${Math.round(disk.free / 1e6)} MB`, at });
      const endsAt = await certificateEnd(deps.publicUrl);
      if (endsAt !== null && endsAt.getTime() - at.getTime() < ENDS_MS)
        await alarms.raise({ name: 'certificate', detail: endsAt.toISOString().slice(0, 10), at });
    },
  });
}

/** When the certificate of our own address ends; null where it has none, or cannot be asked. */
async function certificateEnd(publicUrl: string): Promise<Date | null> {
  const { protocol, hostname, port } = new URL(publicUrl);
  if (protocol !== 'https:') return null;
  const socket = connect({
    host: hostname,
    port: Number(port || 443),
    servername: hostname,
    // One that has ended is told of as well.
    rejectUnauthorized: false,
    timeout: 5 * SECOND,
  });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(5 * SECOND) });
    return new Date(socket.getPeerCertificate().valid_to);
  } catch {
    return null;
  } finally {
    socket.destroy();
  }
}

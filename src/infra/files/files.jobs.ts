import type { Logger } from 'pino';
import type { Jobs } from '../jobs/index.js';
import type { Files } from './files.js';

/** In the night of Russian centres. */
const DAILY = '17 23 * * *';

/** Has files that belong to nothing deleted once a day, by one process. */
export function scheduleSweep(jobs: Jobs, files: Pick<Files, 'sweep'>, log: Logger): void {
  jobs.schedule({
    name: 'sweep-files',
    cron: DAILY,
    run: async () => {
      const { missing, ...removed } = await files.sweep();
      if (missing.length > 0) {
        log.error(
          { files: missing.slice(0, 20), count: missing.length },
          'bytes of files are missing: restore them',
        );
      }
      log.info(removed, 'files were swept');
    },
  });
}

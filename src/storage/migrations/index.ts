import { baseline } from './0001-baseline.js';
import { launchLog } from './0002-launch-log.js';
import { attemptStates } from './0003-attempt-states.js';
import { scheduleTimes } from './0004-schedule-times.js';
import { peopleOrder } from './0005-people-order.js';
import { exportsTogether } from './0006-one-collection-of-exports.js';
import type { Migration } from './migration.js';

export type { Migration };
export { checkKnown, migrate } from './run.js';

/** In order. A new one is added at the end, with a test that runs it twice. */
export const MIGRATIONS: readonly Migration[] = [
  baseline,
  launchLog,
  attemptStates,
  scheduleTimes,
  peopleOrder,
  exportsTogether,
];

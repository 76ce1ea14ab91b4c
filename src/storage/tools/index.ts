/** What `npm run db` does; for commands, not for servers. */
export { backup, type BackupReport } from './backup.js';
export { compact, type CompactReport } from './compact.js';
export { copy, withStorage } from './copy.js';
export { embeddedPath } from './files.js';
export { exportTo, type ExportReport } from './export.js';
export { importFrom } from './import.js';
export { checkAlone } from './alone.js';
export { reseal, ResealRefused, type ResealReport } from './reseal.js';
export { restore, type RestoreReport } from './restore.js';
export { statsOf, type StorageStats } from './stats.js';
export type { Transferred, TransferProgress } from './transfer.js';

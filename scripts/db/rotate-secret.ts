import type { Config } from '../../src/config.js';
import { LTI_SEALED } from '../../src/lti/index.js';
import { ADMIN_SEALED } from '../../src/features/admin/index.js';
import { NOTIFICATIONS_SEALED } from '../../src/features/notifications/index.js';
import { VIDEO_SEALED } from '../../src/features/video/index.js';
import { beginRotation } from '../../src/secret.js';
import { createSealer } from '../../src/shared/sealing.js';
import {
  checkAlone,
  reseal,
  ResealRefused,
  withStorage,
  type ResealReport,
} from '../../src/storage/tools/index.js';

export interface RotationReport extends ResealReport {
  /** Where the new secret is. */
  readonly file: string;
}

/**
 * Gives everything that is sealed a new secret. Safe to interrupt: run again, it finishes.
 * @throws ConfigError, StorageError
 */
export async function rotateSecret(
  config: Config,
  newFile: string | undefined,
  ignored: readonly string[],
): Promise<RotationReport> {
  await checkAlone(config.databaseUrl);
  const rotation = await beginRotation(config, newFile);
  const report = await withStorage('DATABASE_URL', { url: config.databaseUrl }, (storage) =>
    reseal(
      storage,
      [...LTI_SEALED, ...ADMIN_SEALED, ...NOTIFICATIONS_SEALED, ...VIDEO_SEALED],
      createSealer(rotation.from),
      createSealer(rotation.to),
      ignored,
    ),
  ).catch(async (error: unknown) => {
    if (error instanceof ResealRefused && !error.begun) await rotation.abandon();
    throw error;
  });
  await rotation.finish();
  return { ...report, file: rotation.file };
}

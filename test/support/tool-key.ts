import { generateKeyPairSync } from 'node:crypto';
import type { Storage } from '../../src/storage/index.js';
import { createSealer } from '../../src/shared/sealing.js';

// One pair serves every tool of a test run: making one takes a tenth of a second and more.
let sharedPem: string | undefined;

/** Gives a database without a signing key the tool's first one, as `tool-keys.ts` keeps it. */
export async function giveToolKey(storage: Storage, secret: string, now: Date): Promise<void> {
  const keys = storage.connection.collection<{ _id: string }>('tool_keys');
  if ((await keys.countDocuments({})) > 0) return;
  sharedPem ??= generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  await keys.insertOne({
    _id: 'shared-by-every-tool',
    generation: 1,
    sealedPrivateKey: createSealer(secret).seal(sharedPem, 'tool-key'),
    createdAt: now,
    signsFrom: now,
  } as { _id: string });
}

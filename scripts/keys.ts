/**
 * The keys this tool signs with.
 *
 *   npm run keys -- list
 *   npm run keys -- rotate
 */
import { Command } from 'commander';
import { ConfigError, loadConfig } from '../src/config.js';
import { createLti, type Lti } from '../src/lti/index.js';
import { loadSecret } from '../src/secret.js';
import { systemClock } from '../src/shared/clock.js';
import { createSealer } from '../src/shared/sealing.js';
import { openStorage, StorageError, type Storage } from '../src/storage/index.js';
import { noteDone } from './terminal.js';

async function withKeys<Result>(
  act: (keys: Lti['keys'], storage: Storage) => Promise<Result>,
): Promise<Result> {
  const config = loadConfig();
  const storage = await openStorage({ url: config.databaseUrl, clock: systemClock });
  try {
    const sealer = createSealer(await loadSecret(config));
    const lti = createLti({ ...config, storage, clock: systemClock, sealer });
    await storage.ensureIndexes();
    const result = await act(lti.keys, storage);
    await lti.close();
    return result;
  } finally {
    await storage.close();
  }
}

const program = new Command('keys').description(
  'the keys this tool signs with; public ones are at /lti/keys',
);

program
  .command('list')
  .description('published keys, newest first')
  .action(async () => {
    for (const { kid, createdAt, signsFrom } of await withKeys((keys) => keys.published()))
      console.log(`${kid}  made ${createdAt.toISOString()}  signs from ${signsFrom.toISOString()}`);
  });

program
  .command('rotate')
  .description('make the next key: published now, signs in a day; the last one is published for a month more')
  .action(async () => {
    const { kid, signsFrom } = await withKeys(async (keys, storage) => {
      const made = await keys.rotate();
      await noteDone(storage, {
        action: 'key-made',
        subject: { kind: 'key', id: made.kid, name: made.kid },
      });
      return made;
    });
    console.log(`${kid}  signs from ${signsFrom.toISOString()}`);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof StorageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

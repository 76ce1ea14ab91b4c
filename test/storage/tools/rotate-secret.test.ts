import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rotateSecret } from '../../../scripts/db/rotate-secret.js';
import { ConfigError, loadConfig, type Config } from '../../../src/config.js';
import { LTI_SEALED } from '../../../src/lti/index.js';
import { beginRotation, loadSecret } from '../../../src/secret.js';
import { createSealer } from '../../../src/shared/sealing.js';
import { StorageError } from '../../../src/storage/index.js';
import { reseal } from '../../../src/storage/tools/index.js';
import { startTestApp } from '../../support/test-app.js';
import { failure, workshop } from '../support.js';
import { letGo } from './support.js';

const KEYS = 'tool_keys';
const text = 'a private key, say';

describe('rotate-secret', () => {
  const { folder, open, collection } = workshop();

  async function sealedKeys(config: Config, secret: string, count = 3): Promise<void> {
    const storage = await open(config.databaseUrl);
    const sealer = createSealer(secret);
    for (let generation = 1; generation <= count; generation++) {
      await collection(storage, KEYS).insertOne({
        _id: `k${generation}`,
        generation,
        sealedPrivateKey: sealer.seal(text, 'tool-key'),
      });
    }
    await storage.close();
    await letGo();
  }

  async function opened(config: Config, secret: string): Promise<number> {
    const sealer = createSealer(secret);
    const storage = await open(config.databaseUrl);
    const rows = await collection(storage, KEYS).find({}).toArray();
    await storage.close();
    await letGo();
    return rows.filter(({ sealedPrivateKey }) => {
      try {
        return sealer.open(String(sealedPrivateKey), 'tool-key') === text;
      } catch {
        return false;
      }
    }).length;
  }

  const configOf = (home: string, secret?: string): Config =>
    loadConfig({ DATABASE_URL: `file:${home}/x.db`, ...(secret !== undefined && { SECRET: secret }) });

  it('replaces the stored secret by one that opens every sealed field', async () => {
    const home = folder();
    const config = configOf(home);
    const before = await loadSecret(config);
    await sealedKeys(config, before);
    expect(await rotateSecret(config, undefined, [])).to.deep.equal({
      resealed: 3,
      before: 0,
      file: join(home, 'secret'),
    });
    const after = await loadSecret(config);
    expect(after).to.not.equal(before);
    expect(statSync(join(home, 'secret')).mode & 0o777).to.equal(0o600);
    expect([await opened(config, before), await opened(config, after)]).to.deep.equal([0, 3]);
    expect(readdirSync(home).filter((name) => name.startsWith('secret'))).to.deep.equal(['secret']);
  });

  it('after an interruption keeps the tool from starting, and finishes when run again', async () => {
    const home = folder();
    const config = configOf(home);
    const from = await loadSecret(config);
    await sealedKeys(config, from);
    const { to } = await beginRotation(config, undefined);
    expect((await failure(() => loadSecret(config))).message).to.match(
      /^SECRET: its rotation was interrupted/,
    );
    // One is sealed anew, two are not, and then the power went.
    const storage = await open(config.databaseUrl);
    await collection(storage, KEYS).updateOne(
      { _id: 'k2' },
      { $set: { sealedPrivateKey: createSealer(to).seal(text, 'tool-key') } },
    );
    await storage.close();
    await letGo();
    expect(await rotateSecret(config, undefined, [])).to.include({ resealed: 2, before: 1 });
    expect(await loadSecret(config)).to.equal(to);
    expect(await opened(config, to)).to.equal(3);
  });

  it('with SECRET set reads the new secret from a file, or makes one', async () => {
    const home = folder();
    const secret = 'an old secret of at least 32 characters';
    const config = configOf(home, secret);
    await sealedKeys(config, secret);
    const file = join(home, 'new');
    expect((await failure(() => rotateSecret(config, undefined, []))).message).to.match(
      /^--new-secret: name a file/,
    );
    expect(await rotateSecret(config, file, [])).to.include({ resealed: 3, file });
    const made = readFileSync(file, 'utf8').trim();
    expect(made).to.have.length.of.at.least(32);
    expect(await opened(config, made)).to.equal(3);
    // The operator runs it again with the old SECRET still set: nothing is lost.
    expect(await rotateSecret(config, file, [])).to.include({ resealed: 0, before: 3 });
    await letGo();
    writeFileSync(file, 'short');
    expect((await failure(() => rotateSecret(config, file, []))).message).to.match(
      /fewer than 32 characters/,
    );
  });

  it('refuses a wrong old secret, and changes nothing', async () => {
    const home = folder();
    const config = configOf(home, 'not the secret that sealed the keys here');
    await sealedKeys(config, 'the secret that sealed the keys, in use');
    const error = await failure(() => rotateSecret(config, join(home, 'new'), []));
    expect(error).to.be.instanceOf(StorageError);
    expect(error.message).to.equal(
      'SECRET: does not open tool_keys.sealedPrivateKey: it is not the secret in use',
    );
    expect(await opened(config, 'the secret that sealed the keys, in use')).to.equal(3);
    // Nor does a kept secret that is wrong leave a rotation behind that nobody can finish.
    const kept = configOf(folder());
    const wrong = await loadSecret(kept);
    await sealedKeys(kept, 'the secret that sealed the keys, in use');
    expect((await failure(() => rotateSecret(kept, undefined, []))).message).to.match(
      /^SECRET: does not open/,
    );
    expect(await loadSecret(kept)).to.equal(wrong);
    const none = configOf(folder());
    await sealedKeys(none, 'x'.repeat(32));
    expect(await failure(() => rotateSecret(none, undefined, []))).to.be.instanceOf(ConfigError);
  });

  it('stops at sealed text in an unsealed field, unless told to ignore it', async () => {
    const storage = await open();
    const [from, to] = [createSealer('a'.repeat(32)), createSealer('b'.repeat(32))];
    const typed = from.seal('typed', 'elsewhere');
    await collection(storage, 'questions').insertOne({ answers: [{ text: typed }] });
    expect((await failure(() => reseal(storage, LTI_SEALED, from, to))).message).to.match(
      /^questions\.answers\.0\.text holds what looks like sealed text.*--ignore questions\.answers\.0\.text/,
    );
    expect(await reseal(storage, LTI_SEALED, from, to, ['questions.answers.0.text'])).to.deep.equal({
      resealed: 0,
      before: 0,
    });
  });

  it('knows every field the tool seals', async () => {
    const testApp = await startTestApp();
    try {
      await testApp.app.lti.warmUp();
      const [from, to] = [createSealer('a secret for tests, long enough'), createSealer('c'.repeat(32))];
      expect(await reseal(testApp.storage, LTI_SEALED, from, to)).to.deep.equal({ resealed: 1, before: 0 });
    } finally {
      await testApp.close();
    }
    expect(existsSync('secret')).to.equal(false);
  });
});

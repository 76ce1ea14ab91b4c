import { expect } from 'chai';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bringFiles, problemsOfFiles, withFiles } from '../../../scripts/db/files.js';
import { loadConfig } from '../../../src/config.js';
import { withStorage } from '../../../src/storage/tools/index.js';
import { newFile, startFilesLab } from '../../infra/files/lab.js';
import { workshop } from '../support.js';
import { db, letGo } from './support.js';

describe('npm run db: uploaded files', function () {
  this.timeout(120_000);
  const { folder } = workshop();

  /** A database with three files in the folder beside it. Returns where each one's bytes are. */
  async function makeFiles(home: string): Promise<{ env: NodeJS.ProcessEnv; paths: string[] }> {
    const database = join(home, 'x.db');
    const bytes = `${database}.files`;
    const lab = await startFilesLab({
      databaseUrl: `file:${database}`,
      settings: { kind: 'disk', folder: bytes, chosen: false },
    });
    const paths: string[] = [];
    for (const text of ['один', 'два', 'три']) {
      const { id } = await lab.files.store(newFile(text));
      paths.push(join(bytes, id.slice(0, 2), id));
    }
    await lab.close();
    await letGo();
    return { env: { DATABASE_URL: `file:${database}` }, paths };
  }

  const problems = ({ env }: { env: NodeJS.ProcessEnv }): Promise<string[]> => {
    const config = loadConfig(env);
    return withStorage('DATABASE_URL', { url: config.databaseUrl, readonly: true }, (storage) =>
      problemsOfFiles(config, storage),
    );
  };

  it('are in a backup, found damaged by verify, and brought back by restore', async () => {
    const home = folder();
    const { env, paths } = await makeFiles(home);
    const backup = join(home, 'b');
    const made = await db(['backup', backup], env);
    expect([made.code, made.err]).to.deep.equal([0, '']);
    expect(made.out).to.contain('b.files: 3 files');
    rmSync(paths[0]!);
    writeFileSync(paths[1]!, 'ДВА');
    const verified = await db(['verify'], env);
    expect(verified.code).to.equal(2);
    expect(verified.out).to.contain('its bytes are not there').and.to.contain('its bytes are damaged');
    rmSync(join(home, 'x.db.files'), { recursive: true });
    const restored = await db(['restore', backup], env);
    expect([restored.code, restored.err]).to.deep.equal([0, '']);
    expect(restored.out).to.contain('3 files');
    expect(await problems({ env })).to.deep.equal([]);
  });

  it('are named in the report of a backup when they are missing or damaged', async () => {
    const home = folder();
    const { env, paths } = await makeFiles(home);
    rmSync(paths[0]!);
    writeFileSync(paths[1]!, 'ДВА');
    const { files, missing } = await withFiles(loadConfig(env), 'FILE', join(home, 'b.files'), () =>
      Promise.resolve(),
    );
    expect(files).to.equal(1);
    expect(missing.map((id) => basename(id)).sort()).to.deep.equal(
      paths
        .slice(0, 2)
        .map((at) => basename(at))
        .sort(),
    );
  });

  it('that were removed while the database was written are in its backup', async () => {
    const home = folder();
    const { env, paths } = await makeFiles(home);
    const { files, missing } = await withFiles(loadConfig(env), 'FILE', join(home, 'b.files'), () => {
      rmSync(paths[0]!);
      return Promise.resolve();
    });
    expect([files, missing]).to.deep.equal([3, []]);
  });

  it('that are damaged in a backup stop restore before anything changes', async () => {
    const home = folder();
    const { env } = await makeFiles(home);
    const backup = join(home, 'b.files');
    await withFiles(loadConfig(env), 'FILE', backup, () => Promise.resolve());
    const [shelf] = readdirSync(backup).filter((name) => name.length === 2);
    rmSync(join(backup, shelf!), { recursive: true });
    const bring = (): Promise<string> =>
      bringFiles(loadConfig(env), 'FILE', backup).then(String, (error: unknown) => (error as Error).message);
    expect(await bring()).to.match(/^FILE: .*its bytes are not there; nothing was changed$/);
    rmSync(join(backup, 'files.jsonl'));
    expect(await bring()).to.contain('it is not whole');
    rmSync(backup, { recursive: true });
    expect(await bring()).to.equal('null');
  });

  it('go with a copy, to the folder beside the copy', async () => {
    const home = folder();
    const { env } = await makeFiles(home);
    const target = `file:${join(home, 'y.db')}`;
    const copied = await db(['copy', '--from', env.DATABASE_URL!, '--to', target], env);
    expect(copied.code, copied.err).to.equal(0);
    expect(copied.out).to.contain('3 files, 3 copied');
    expect(await problems({ env: { DATABASE_URL: target } })).to.deep.equal([]);
  });
});

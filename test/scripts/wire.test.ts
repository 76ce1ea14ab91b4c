import { expect } from 'chai';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../..');

describe('npm run test:wire', () => {
  it('says that it was not run where there is no Java, and ends well', async function () {
    this.timeout(60_000);
    const env = { ...process.env, PATH: '/nonexistent' };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import=tsx', path.join(root, 'scripts/wire/run.ts')],
      { env },
    );
    expect(stdout).to.equal('The wire-protocol side was not run: no Java here.\n');
  });
});

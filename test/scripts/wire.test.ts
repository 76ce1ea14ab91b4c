import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { nodeArgs } from '../../scripts/built.js';

describe('npm run test:wire', () => {
  it('says that it was not run where there is no Java, and ends well', async function () {
    this.timeout(120_000);
    const env = { ...process.env, PATH: '/nonexistent' };
    const { stdout } = await promisify(execFile)(process.execPath, nodeArgs('scripts/wire/run.ts'), { env });
    expect(stdout).to.equal('The wire-protocol side was not run: no Java here.\n');
  });
});

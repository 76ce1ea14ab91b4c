import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { nodeArgs } from '../scripts/built.js';

describe('npm run story', () => {
  it('plays the main job against fresh processes, and says each step', async function () {
    // Five processes start one after another, on a machine that may be busy.
    this.timeout(120_000);
    const child = spawn(process.execPath, nodeArgs('scripts/story.ts'), {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code, output).to.equal(0);
    const lines = output.trim().split('\n');
    expect(lines).to.have.length(16);
    expect(lines[9]).to.contain('takes the test: 7 of 10');
    expect(lines[10]).to.match(/holds both grades: .* 8\.75, .* 7\.$/);
    expect(lines[12]).to.contain('in two frames at one moment: both work');
    expect(lines[14]).to.contain(
      "takes the copied test: 7 of 10. The grade is in the copy's gradebook alone",
    );
    expect(lines[1]).to.contain('Deep Linking');
    expect(lines[4]).to.match(/gradebook: .* 7 of 8\.$/);
  });
});

import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');

/** `docs/lti.md` says what shows that a sentence of a specification is kept: it must be there. */
describe('docs/lti.md', () => {
  const text = readFileSync(path.join(ROOT, 'docs/lti.md'), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('|') && !/^\| (§|-)/.test(line));
  const proofs = [...text.matchAll(/`(test\/[\w./-]+\.ts)`(?: “([^”]+)”)?/g)];

  it('names tests that exist, by titles that stand in them', () => {
    expect(proofs.length).to.be.above(60);
    for (const [proof, file = '', title] of proofs) {
      const address = path.join(ROOT, file);
      expect(existsSync(address), proof).to.equal(true);
      if (title !== undefined) expect(readFileSync(address, 'utf8'), proof).to.contain(title);
    }
  });

  it('every row names a test, or says why not', () => {
    expect(rows.length).to.be.above(70);
    for (const row of rows) {
      const cells = row.split(' | ');
      expect(cells, row).to.have.lengthOf(4);
      expect(cells[2]?.trim(), row).to.match(/^(MUST|SHOULD|MAY)$/);
      expect(cells[3], row).to.match(/`test\/|Does not apply: |Not kept: |\*\*not yet\*\*/);
    }
  });

  it('speaks of all nine specifications', () => {
    expect(text.match(/^## .*\d\.\d$/gm)).to.have.lengthOf(9);
  });
});

import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { problemsOfClauses, problemsOfFeatures, titlesIn, titlesOfTests } from '../../scripts/features.js';

const ROOT = path.resolve(import.meta.dirname, '../..');

describe('the check of docs/features.md', () => {
  const titles = titlesOfTests(path.join(ROOT, 'test'));
  const table = readFileSync(path.join(ROOT, 'docs/features.md'), 'utf8');
  const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

  it('finds no problem in the table as it is, and more than 70 rows', () => {
    expect(problemsOfFeatures(table, titles)).to.deep.equal([]);
    expect(table.match(/^\| [MSB] /gm)?.length).to.be.above(70);
  });

  it('fails for a title that differs from the test by one letter', () => {
    const [, title = ''] = /“(.+?)”/.exec(table) ?? [];
    expect(problemsOfFeatures(table.replace(title, `${title}s`), titles)).to.have.lengthOf(1);
  });

  it('fails for a row without a state, a weight, a page or a title', () => {
    const known = new Set(['returns 409']);
    const problems = (...cells: readonly string[]): string[] => problemsOfFeatures(row(...cells), known);
    expect(problems('M', 'lists', 'there', '`/lists`', '“returns 409”')).to.deep.equal([]);
    expect(problems('M', 'lists', '', '`/lists`', '“returns 409”')).to.have.lengthOf(1);
    expect(problems('X', 'lists', 'there', '`/lists`', '“returns 409”')).to.have.lengthOf(1);
    expect(problems('M', 'lists', 'there', '—', '“returns 409”')).to.have.lengthOf(1);
    expect(problems('M', 'lists', 'there', '`/lists`', '—')).to.have.lengthOf(1);
    expect(problems('M', 'lists', 'there', '`/lists`')).to.have.lengthOf(1);
  });

  it('fails for a part that does not say what is missing, and for an absent feature with a page', () => {
    const known = new Set(['returns 409']);
    const problems = (...cells: readonly string[]): string[] => problemsOfFeatures(row(...cells), known);
    expect(problems('M', 'lists', 'part', '`/lists`', '“returns 409”')).to.have.lengthOf(1);
    expect(problems('M', 'lists; missing: sort', 'part', '`/lists`', '“returns 409”')).to.deep.equal([]);
    expect(problems('M', 'lists', 'absent', '`/lists`', '—')).to.have.lengthOf(1);
  });

  it('finds no problem in the table of the regulation, and fails for a clause without a page or a test', () => {
    const regulation = readFileSync(path.join(ROOT, 'docs/regulation.md'), 'utf8');
    expect(regulation.match(/^\| *\d/gm)).to.have.length.above(20);
    expect(problemsOfClauses(regulation, titles)).to.deep.equal([]);
    const known = new Set(['returns 409']);
    expect(problemsOfClauses(row('2.1', 'help', '`/help`', '“returns 409”'), known)).to.deep.equal([]);
    expect(problemsOfClauses(row('2.1', 'help', '', '“returns 409”'), known)).to.have.lengthOf(1);
    expect(problemsOfClauses(row('2.1', 'help', '`/help`', '“returns 410”'), known)).to.have.lengthOf(1);
  });

  it('reads titles of cases that run, and not those of groups, comments and skipped cases', () => {
    const source = [
      "describe('group', () => {",
      "  it('it\\'s one', async () => { await run(); });",
      '  it(`two`, () => {});',
      "  it.skip('three', () => {});",
      "  // it('four', () => {});",
      '  it(`five ${name}`, () => {});',
      '});',
    ].join('\n');
    expect(titlesIn(source)).to.deep.equal(["it's one", 'two']);
  });
});

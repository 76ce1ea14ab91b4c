import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');

/** Returns the lines below `src/` of a README's tree, as paths: `lti`, `features/home`, `main.ts`. */
function treeOf(readme: string): string[] {
  const tree = readFileSync(path.join(ROOT, readme), 'utf8')
    .split('```')
    .find((part) => /^src\/$/m.test(part));
  const [, below = ''] = /^src\/\n((?: .*\n)*)/m.exec(tree ?? '') ?? [];
  const parents: string[] = [];
  return below
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, indent = '', name = ''] = /^( +)(\S+)/.exec(line) ?? [];
      const depth = indent.length / 2 - 1;
      parents.length = depth;
      parents.push(name.replace(/\/$/, ''));
      return parents.join('/');
    });
}

/** Returns the folders of `src` down to the second level, and the files directly in it. */
function foldersAndFiles(): string[] {
  const entries = (folder: string): string[] =>
    readdirSync(path.join(ROOT, 'src', folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || folder === '')
      .map((entry) => path.posix.join(folder, entry.name));
  const top = entries('');
  return [...top, ...top.filter((name) => !name.includes('.')).flatMap(entries)];
}

for (const readme of ['README.md', 'README.ru.md']) {
  describe(`the tree in ${readme}`, () => {
    it('lists the files of src, its folders and their folders, and no others', () => {
      expect(treeOf(readme).sort()).to.deep.equal(foldersAndFiles().sort());
    });

    it('is followed by walks through files that exist', () => {
      const text = readFileSync(path.join(ROOT, readme), 'utf8');
      const named = [...text.matchAll(/`((?:src|views)\/[\w./-]+\.\w+)`/g)].map(([, file = '']) => file);
      expect(named).to.have.lengthOf.above(20);
      expect(named.filter((file) => !existsSync(path.join(ROOT, file)))).to.deep.equal([]);
    });
  });
}

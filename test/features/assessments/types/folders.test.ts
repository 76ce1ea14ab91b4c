import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { TYPE_NAMES } from '../../../../src/features/assessments/types/index.js';
import { translator } from '../../../../src/i18n/index.js';

const ROOT = path.resolve(import.meta.dirname, '../../../..');
const FEATURE = path.join(ROOT, 'src/features/assessments');
const VIEWS = path.join(ROOT, 'views/assessments');
const TESTS = path.join(ROOT, 'test/features/assessments');

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const at = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(at) : [at];
  });

const I18N = path.join(ROOT, 'src/i18n');
const PUBLIC = path.join(ROOT, 'public');

const isOfTypes = (file: string): boolean => file.split(path.sep).includes('types');

/** The same words in the language of forms and files. */
const OTHER_WORDS = [
  /(?:field|name|type): 'file'/u,
  /elementsOf\(\w+, 'file'\)/u,
  /declaration\(\w+, (?:several \? 'multiple' : )?'single'/u,
  /cardinality === 'multiple'/u,
];

/** Names of types that are words of other things as well. */
const USUAL_WORDS: ReadonlySet<string> = new Set(['single', 'multiple', 'short', 'file', 'calculated']);

describe('the folder of a question type', () => {
  for (const type of TYPE_NAMES) {
    it(`${type} holds its rules, its files of other systems, its texts in both languages, three templates and its cases`, () => {
      for (const file of [`${type}.ts`, 'exchange.ts', 'texts.ts'])
        expect(existsSync(path.join(FEATURE, 'types', type, file)), file).to.equal(true);
      for (const template of ['form', 'answer', 'review'])
        expect(existsSync(path.join(VIEWS, 'types', type, `${template}.ejs`)), template).to.equal(true);
      expect(existsSync(path.join(TESTS, 'types', `${type}.test.ts`)), 'cases').to.equal(true);
      for (const language of ['ru', 'en'] as const)
        expect(translator(language)(`assessments.type.${type}`)).to.not.include('assessments.type');
    });
  }

  it('stands in the list of types', () => {
    const folders = readdirSync(path.join(FEATURE, 'types'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(folders).to.have.members([...TYPE_NAMES]);
  });

  /** Lines of files, with the file's name, that a test of lines picks. */
  const linesWith = (files: readonly string[], picks: (line: string) => boolean): string[] =>
    files.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter(picks)
        .map((line) => `${path.relative(ROOT, file)}: ${line.trim()}`),
    );

  it('is named by nothing outside: to add one changes only the list', () => {
    const names = TYPE_NAMES.join('|');
    const literal = new RegExp(`'(?:${names})'`, 'u');
    const inside = new RegExp(`types/(?:${names})/`, 'u');
    const files = [...filesBelow(FEATURE), ...filesBelow(VIEWS)].filter((file) => !isOfTypes(file));
    const isNamed = (line: string): boolean =>
      (literal.test(line) || inside.test(line)) && !OTHER_WORDS.some((words) => words.test(line));
    expect(linesWith(files, isNamed)).to.deep.equal([]);
  });

  it('is named by no text, style or script of the whole program', () => {
    const names = TYPE_NAMES.filter((name) => !USUAL_WORDS.has(name)).join('|');
    const named = new RegExp(`(?<![\\p{L}\\d])(?:${names})(?![\\p{L}\\d])`, 'u');
    const files = [...filesBelow(I18N), ...filesBelow(PUBLIC)].filter((file) =>
      /\.(?:ts|js|css)$/u.test(file),
    );
    expect(files.length).to.be.above(100);
    expect(linesWith(files, (line) => named.test(line))).to.deep.equal([]);
  });
});

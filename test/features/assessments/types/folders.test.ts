import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { TYPE_NAMES } from '../../../../src/features/assessments/types/index.js';
import { translator } from '../../../../src/i18n/index.js';

const ROOT = path.resolve(import.meta.dirname, '../../../..');
const FEATURE = path.join(ROOT, 'src/features/assessments');
const VIEWS = path.join(ROOT, 'views/assessments');

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const at = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(at) : [at];
  });

const isOfTypes = (file: string): boolean => file.split(path.sep).includes('types');

/** The same words in the language of forms and files. */
const OTHER_WORDS = [
  /(?:field|name|type): 'file'/u,
  /elementsOf\(\w+, 'file'\)/u,
  /declaration\(\w+, (?:several \? 'multiple' : )?'single'/u,
  /cardinality === 'multiple'/u,
];

describe('the folder of a question type', () => {
  for (const type of TYPE_NAMES) {
    it(`${type} holds its rules, its files of other systems and three templates, and has a name in both languages`, () => {
      for (const file of [`${type}.ts`, 'exchange.ts'])
        expect(existsSync(path.join(FEATURE, 'types', type, file)), file).to.equal(true);
      for (const template of ['form', 'answer', 'review'])
        expect(existsSync(path.join(VIEWS, 'types', type, `${template}.ejs`)), template).to.equal(true);
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

  it('is named by nothing outside: to add one changes only the list', () => {
    const names = TYPE_NAMES.join('|');
    const literal = new RegExp(`'(?:${names})'`, 'u');
    const inside = new RegExp(`types/(?:${names})/`, 'u');
    const found = [...filesBelow(FEATURE), ...filesBelow(VIEWS)]
      .filter((file) => !isOfTypes(file))
      .flatMap((file) =>
        readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => literal.test(line) || inside.test(line))
          .filter((line) => !OTHER_WORDS.some((words) => words.test(line)))
          .map((line) => `${path.relative(ROOT, file)}: ${line.trim()}`),
      );
    expect(found).to.deep.equal([]);
  });
});

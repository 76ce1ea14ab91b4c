import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createScanner, LanguageVariant, ScriptTarget, SyntaxKind } from 'typescript';

const ROOT = path.resolve(import.meta.dirname, '..');

/** Words for which docs/glossary.md has the field's own: none of them is a part of a name. */
const REPLACED = [
  'estate heir hindrance sitting resit keeper desk nudge heals unwell rolls census closure narrowing verdict vetted',
  'stranger dealt handIn takeSeat giveBack',
]
  .flatMap((words) => words.split(' '))
  .map((word) => parts(word).join(' '));
/** Names that say nothing of the thing. */
const EMPTY = new Set(['one', 'its']);
/** Subjects of comments and of tests' names that a reader has to guess. */
const GUESSED = /\b(?:whoever|somebody|such an? one)\b/i;

const filesIn = (folder: string, ending: RegExp): string[] =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => path.posix.join(folder, file.replaceAll(path.sep, '/')));

const CODE = ['src', 'scripts', 'test', 'public'].flatMap((folder) =>
  filesIn(folder, /\.(?:ts|js|mjs|cjs)$/),
);

/** Returns the words of a name: `takeSeat`, `take-seat` and `TAKE_SEAT` have the same. */
function parts(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .map((word) => word.toLowerCase());
}

const replacedIn = (name: string): string[] => {
  const words = ` ${parts(name).join(' ')} `;
  return REPLACED.filter((word) => words.includes(` ${word} `));
};

interface Said {
  readonly names: ReadonlySet<string>;
  /** Of comments, and of tests' names. */
  readonly sentences: readonly string[];
}

const ENDS_A_VALUE = new Set([
  SyntaxKind.Identifier,
  SyntaxKind.NumericLiteral,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
  SyntaxKind.CloseBraceToken,
]);

function read(file: string): Said {
  const scanner = createScanner(ScriptTarget.Latest, false, LanguageVariant.Standard);
  scanner.setText(readFileSync(path.join(ROOT, file), 'utf8'));
  const names = new Set<string>();
  const sentences: string[] = [];
  // The scanner alone knows neither which `}` ends a hole of a template nor which `/` begins a regular expression.
  const braces: SyntaxKind[] = [];
  let before: readonly string[] = ['', ''];
  let last = SyntaxKind.Unknown;
  for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    if (kind === SyntaxKind.SlashToken && !ENDS_A_VALUE.has(last)) kind = scanner.reScanSlashToken();
    if (kind === SyntaxKind.CloseBraceToken && braces.pop() === SyntaxKind.TemplateHead)
      kind = scanner.reScanTemplateToken(false);
    const text = scanner.getTokenText();
    if (kind === SyntaxKind.OpenBraceToken) braces.push(kind);
    if (kind === SyntaxKind.TemplateHead || kind === SyntaxKind.TemplateMiddle)
      braces.push(SyntaxKind.TemplateHead);
    if (kind === SyntaxKind.Identifier) names.add(text);
    const comment = kind === SyntaxKind.SingleLineCommentTrivia || kind === SyntaxKind.MultiLineCommentTrivia;
    const named = /^(?:it|describe)\($/.test(before.join('')) && kind === SyntaxKind.StringLiteral;
    if (comment || named) sentences.push(text);
    if (kind <= SyntaxKind.LastTriviaToken) continue;
    before = [before[1] ?? '', text];
    last = kind;
  }
  return { names, sentences };
}

describe('the words of the code', () => {
  const said = new Map(CODE.map((file) => [file, read(file)]));

  it('are the field’s own in names of files and folders', () => {
    const files = [...CODE, ...filesIn('views', /\.ejs$/), ...filesIn('docs', /\.md$/)];
    expect(files.filter((file) => replacedIn(file).length > 0)).to.deep.equal([]);
  });

  it('are the field’s own in identifiers, and no variable is named `one` or `its`', () => {
    const found = [...said].flatMap(([file, { names }]) =>
      [...names]
        .filter((name) => EMPTY.has(name) || replacedIn(name).length > 0)
        .map((name) => `${file}: ${name}`),
    );
    expect(found).to.deep.equal([]);
  });

  it('name the subject of each comment and of each test', () => {
    const found = [...said]
      .filter(([file]) => file !== 'test/words.test.ts')
      .flatMap(([file, { sentences }]) =>
        sentences.filter((text) => GUESSED.test(text)).map((text) => `${file}: ${text}`),
      );
    expect(found).to.deep.equal([]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** What keeps a table of features from being true, one line each, with the number of the line. */
export function problemsOfFeatures(markdown: string, titles: ReadonlySet<string>): string[] {
  return markdown.split('\n').flatMap((line, index) => {
    if (!line.startsWith('|') || isHead(line)) return [];
    return problemsOfRow(cellsOf(line), titles).map((problem) => `line ${index + 1}: ${problem}`);
  });
}

/** What keeps the table of the regulation's clauses from being true: each has a page, and a test of the title it names. */
export function problemsOfClauses(markdown: string, titles: ReadonlySet<string>): string[] {
  return markdown.split('\n').flatMap((line, index) => {
    if (!/^\| *\d/.test(line)) return [];
    const [clause = '', , page = '', shown = ''] = cellsOf(line);
    const named = /^“(.+)”$/.exec(shown)?.[1] ?? '';
    return [
      /`.+`/.test(page) ? '' : `no page: ${clause}`,
      titles.has(named) ? '' : `no test is called “${named}”`,
    ]
      .filter((problem) => problem !== '')
      .map((problem) => `line ${index + 1}: ${problem}`);
  });
}

/** Returns the titles of all cases of mocha that run in a folder; cases that are skipped do not count. */
export function titlesOfTests(folder: string): Set<string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return new Set(files.flatMap((name) => titlesIn(readFileSync(path.join(folder, name), 'utf8'))));
}

/** Returns the titles of `it('…')`. A title that is put together at run time is unknown here. */
export function titlesIn(source: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'it') {
      const [title] = node.arguments;
      if (title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('test.ts', source, ts.ScriptTarget.Latest));
  return titles;
}

const NONE = '—';

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

const isHead = (line: string): boolean => /^\|[ -]*\|/.test(line);

function problemsOfRow(cells: readonly string[], titles: ReadonlySet<string>): string[] {
  const [weight = '', feature = '', state = '', page = '', shown = ''] = cells;
  if (cells.length !== 5) return [`five cells expected, ${cells.length} found`];
  const named = /^“(.+)”$/.exec(shown)?.[1];
  const present = state === 'there' || state === 'part';
  return [
    /^[MSB]$/.test(weight) ? '' : `no weight M, S or B: ${feature}`,
    present || state === 'absent' ? '' : `no state there, part or absent: ${feature}`,
    present && !/^`.+`$/.test(page) ? `no page: ${feature}` : '',
    present && named === undefined ? `no title of a test: ${feature}` : '',
    named !== undefined && !titles.has(named) ? `no test is called “${named}”` : '',
    state === 'part' && !feature.includes('missing: ') ? `does not say what is missing: ${feature}` : '',
    state === 'absent' && (page !== NONE || shown !== NONE)
      ? `absent, but has a page or a test: ${feature}`
      : '',
  ].filter((problem) => problem !== '');
}

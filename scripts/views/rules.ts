import ts from 'typescript';
import type { AttributeItem, Node, ValuePart } from './tree.js';

type Item = Node | AttributeItem | ValuePart;

/**
 * Templates may call these, by their plain names; `src/web/view-helpers.ts`, `src/web/views.ts`
 * and view models make them.
 */
const HELPERS = new Set(
  (
    't c asset time timeThere both number partial csrfField shortName fullName atLeast ' +
    'zoneName field filled pairs commaList dotted optionsOf peopleOptions namesOf numbered includes queryOf within site ' +
    'rich richLine numberOr percentOr languageHref'
  ).split(' '),
);

const COMPARISONS = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);

/**
 * A template prints and computes nothing. Allowed are:
 * - `if (…) {`, `} else if (…) {`, `} else {`, `for (const name of …) {`, `for (const [a, b] of …) {`, `for (const { a, b } of …) {` and `}`;
 * - names, their properties, literals, `!`, comparisons, `&&`, `||`, `??`;
 * - texts put together with `+`: one side is a text;
 * - one choice `a ? b : c`, without another in it;
 * - calls of helpers by their names, with lists and objects of the above as arguments.
 * @returns what breaks the rule, in words
 */
export function computationIn(items: readonly Item[]): string[] {
  const problems: string[] = [];
  for (const item of items) {
    if (item.kind === 'statement') problems.push(`a statement: ${item.code}`);
    else if (item.kind === 'output') problems.push(...problemsOf(item.code));
    else if (item.kind === 'block') {
      for (const { head, body } of item.branches)
        problems.push(...headProblems(head), ...computationIn(body));
      if (item.tail !== '}') problems.push(`a block that ends with ${item.tail}`);
    } else if (item.kind === 'attribute')
      problems.push(...computationIn([...item.name, ...(item.value ?? [])]));
    else if (item.kind === 'element') {
      problems.push(...computationIn([...item.attributes, ...(item.children ?? []), ...(item.raw ?? [])]));
    }
  }
  return problems;
}

function headProblems(head: string): string[] {
  if (head === '} else {') return [];
  const code =
    /^(?:\} else )?if \((.*)\) \{$/s.exec(head)?.[1] ??
    /^for \(const (?:\w+|\[\w+, \w+\]|\{ \w+(?:: \w+)?(?:, \w+(?:: \w+)?)* \}) of (.*)\) \{$/s.exec(
      head,
    )?.[1];
  return code === undefined ? [`this kind of block: ${head}`] : problemsOf(code);
}

function problemsOf(code: string): string[] {
  const source = ts.createSourceFile('view.ts', `(${code});`, ts.ScriptTarget.Latest, true);
  const [statement] = source.statements;
  if (source.statements.length !== 1 || statement === undefined || !ts.isExpressionStatement(statement)) {
    return [`no expression: ${code}`];
  }
  const found = forbidden(statement.expression, false);
  return found === null ? [] : [`${brief(found.getText(source))} in ${brief(code)}`];
}

/** Returns the first part of an expression that is not allowed. */
function forbidden(node: ts.Expression, inChoice: boolean): ts.Node | null {
  const first = (...parts: readonly ts.Expression[]): ts.Node | null => {
    for (const part of parts) {
      const found = forbidden(part, inChoice);
      if (found !== null) return found;
    }
    return null;
  };
  if (ts.isParenthesizedExpression(node)) return first(node.expression);
  if (ts.isIdentifier(node) || ts.isLiteralExpression(node) || isWord(node)) return null;
  if (ts.isPropertyAccessExpression(node)) return first(node.expression);
  if (ts.isElementAccessExpression(node)) return first(node.expression, node.argumentExpression);
  if (ts.isPrefixUnaryExpression(node)) {
    return node.operator === ts.SyntaxKind.ExclamationToken ? first(node.operand) : node;
  }
  if (ts.isBinaryExpression(node)) {
    const joins = node.operatorToken.kind === ts.SyntaxKind.PlusToken && isText(node);
    return joins || COMPARISONS.has(node.operatorToken.kind) ? first(node.left, node.right) : node;
  }
  if (ts.isConditionalExpression(node)) {
    if (inChoice) return node;
    return (
      forbidden(node.condition, true) ?? forbidden(node.whenTrue, true) ?? forbidden(node.whenFalse, true)
    );
  }
  if (ts.isCallExpression(node)) {
    if (!ts.isIdentifier(node.expression) || !HELPERS.has(node.expression.text)) return node;
    return first(...node.arguments);
  }
  if (ts.isSpreadElement(node)) return first(node.expression);
  if (ts.isArrayLiteralExpression(node)) return first(...node.elements);
  if (ts.isObjectLiteralExpression(node)) {
    for (const property of node.properties) {
      if (ts.isShorthandPropertyAssignment(property)) continue;
      if (!ts.isPropertyAssignment(property)) return property;
      const found = first(property.initializer);
      if (found !== null) return found;
    }
    return null;
  }
  return node;
}

const isWord = ({ kind }: ts.Node): boolean =>
  kind === ts.SyntaxKind.TrueKeyword ||
  kind === ts.SyntaxKind.FalseKeyword ||
  kind === ts.SyntaxKind.NullKeyword;

/** Whether one of the sides put together is a text. */
function isText(node: ts.Expression): boolean {
  if (ts.isStringLiteral(node)) return true;
  if (ts.isCallExpression(node)) return ['c', 't', 'number'].includes(node.expression.getText());
  if (ts.isParenthesizedExpression(node)) return isText(node.expression);
  if (ts.isConditionalExpression(node)) return isText(node.whenTrue);
  return ts.isBinaryExpression(node) && (isText(node.left) || isText(node.right));
}

/** A message fits one line. */
const brief = (code: string): string => code.replace(/\s+/g, ' ').slice(0, 100);

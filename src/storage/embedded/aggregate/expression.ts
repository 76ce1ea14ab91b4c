import { isDocument, setField, type Doc } from '../bson.js';
import { badValue, ErrorCode, serverError, unsupported } from '../errors.js';
import { type Compile, type Evaluator, type ExpressionContext, type Operator, valueAt } from './evaluator.js';
import { ARITHMETIC } from './operators/arithmetic.js';
import { ARRAYS } from './operators/arrays.js';
import { DATES } from './operators/dates.js';
import { LOGIC } from './operators/logic.js';
import { OBJECTS } from './operators/objects.js';
import { SETS } from './operators/sets.js';
import { STRINGS } from './operators/strings.js';
import { SUMMARIES } from './operators/summaries.js';
import { TYPES } from './operators/types.js';

const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  [ARITHMETIC, ARRAYS, DATES, LOGIC, OBJECTS, SETS, STRINGS, SUMMARIES, TYPES].flatMap((group) =>
    Object.entries(group),
  ),
);

const SYSTEM_VARIABLES = ['ROOT', 'CURRENT', 'NOW', 'REMOVE'];

/**
 * Compiles an aggregation expression.
 * @throws MongoServerError for what MongoDB would not accept, and for operators this engine does not have
 */
export function compileExpression(expression: unknown, context: ExpressionContext = {}): Evaluator {
  const compile: Compile = (inner, names) => {
    if (!names) return compileExpression(inner, context);
    const variables = new Set([...(context.variables ?? []), ...names]);
    return compileExpression(inner, { ...context, variables });
  };
  if (typeof expression === 'string') return compileString(expression, context);
  if (Array.isArray(expression)) {
    const parts = (expression as unknown[]).map((part) => compile(part));
    return (scope) => parts.map((evaluate) => evaluate(scope) ?? null);
  }
  if (!isDocument(expression)) return () => expression;
  const names = Object.keys(expression);
  const [first] = names;
  if (first?.startsWith('$') !== true) return compileObject(expression, compile);
  if (names.length > 1) {
    throw badValue(
      `an object representing an expression must have exactly one field, found: ${names.join(', ')}`,
    );
  }
  if (first === '$literal') {
    const literal = expression[first];
    return () => literal;
  }
  const operator = OPERATORS.get(first);
  if (!operator) throw unknownOperator(first);
  return operator(expression[first], compile, context);
}

function unknownOperator(name: string): Error {
  return /^\$[a-zA-Z0-9]+$/.test(name)
    ? unsupported(`the expression operator ${name}`)
    : serverError(ErrorCode.UnknownOperator, `Unrecognized expression '${name}'`);
}

/** A literal, `$field.path` or `$$variable.path`. */
function compileString(text: string, { variables }: ExpressionContext): Evaluator {
  if (!text.startsWith('$')) return () => text;
  const path = text.slice(text.startsWith('$$') ? 2 : 1).split('.');
  if (path.some((part) => part === '')) throw badValue(`FieldPath must not be empty: '${text}'`);
  if (!text.startsWith('$$')) {
    if (path.some((part) => part.startsWith('$')))
      throw badValue(`FieldPath may not start with '$': '${text}'`);
    return ({ root }) => valueAt(root, path);
  }
  const [name = '', ...rest] = path;
  if (name === 'REMOVE') return () => undefined;
  if (name === 'ROOT' || name === 'CURRENT') return ({ root }) => valueAt(root, rest);
  if (!SYSTEM_VARIABLES.includes(name) && variables?.has(name) !== true) {
    throw badValue(`Use of undefined variable: ${name}`);
  }
  return (scope) => valueAt(scope.variables[name], rest);
}

function compileObject(expression: Doc, compile: Compile): Evaluator {
  const parts = Object.entries(expression).map(([name, value]) => {
    if (name.includes('.') || name.startsWith('$'))
      throw badValue(`invalid field name '${name}' in an object`);
    return [name, compile(value)] as const;
  });
  return (scope) => {
    const result: Doc = {};
    for (const [name, evaluate] of parts) {
      const value = evaluate(scope);
      if (value !== undefined) setField(result, name, value);
    }
    return result;
  };
}

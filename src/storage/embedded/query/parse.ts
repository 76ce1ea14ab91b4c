import { bsonTypeOf, isDocument, type Doc } from '../bson.js';
import { badValue, unsupported } from '../errors.js';
import { isNumeric, toDouble } from '../numbers.js';
import { splitPath } from '../paths.js';
import type { Node, Test, ValueNode } from './ast.js';
import { compileRegex } from './regex.js';
import { isTrue } from './truth.js';
import { parseTypes } from './types.js';

/**
 * Reads a normalized filter.
 * @throws MongoServerError (BadValue) as MongoDB does; "does not support" for what only MongoDB can do
 */
export function parseFilter(filter: unknown): Node {
  if (!isDocument(filter)) throw badValue('the filter must be an object');
  const nodes: Node[] = [];
  for (const [name, value] of Object.entries(filter)) {
    if (name.startsWith('$')) {
      const node = parseTopLevel(name, value);
      if (node) nodes.push(node);
    } else {
      nodes.push(parsePath(name, value));
    }
  }
  return all(nodes);
}

const all = (nodes: readonly Node[]): Node =>
  nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'and', nodes };

function parseTopLevel(name: string, value: unknown): Node | undefined {
  switch (name) {
    case '$and':
      return { kind: 'and', nodes: clauses(name, value).map(parseFilter) };
    case '$or':
      return { kind: 'or', nodes: clauses(name, value).map(parseFilter) };
    case '$nor':
      return { kind: 'not', node: { kind: 'or', nodes: clauses(name, value).map(parseFilter) } };
    case '$expr':
      return { kind: 'expr', expression: value };
    case '$comment':
      return undefined;
    case '$where':
    case '$text':
    case '$jsonSchema':
    case '$sampleRate':
      throw unsupported(name);
    default:
      throw badValue(`unknown top level operator: ${name}`);
  }
}

function clauses(name: string, value: unknown): unknown[] {
  if (!Array.isArray(value) || value.length === 0) throw badValue(`${name} must be a nonempty array`);
  return value;
}

/** True for `{ $gt: 1 }`, false for a value, be it an object. */
export function isOperatorObject(value: unknown): value is Doc {
  if (!isDocument(value)) return false;
  const first = Object.keys(value)[0];
  return first?.startsWith('$') === true && !['$ref', '$id', '$db'].includes(first);
}

function parsePath(path: string, value: unknown): Node {
  const parts = splitPath(path);
  return lift(parseValue(value), (test) => ({ kind: 'path', path, parts, test }));
}

function lift(node: ValueNode, wrap: (test: Test) => Node): Node {
  switch (node.kind) {
    case 'test':
      return wrap(node.test);
    case 'not':
      return { kind: 'not', node: lift(node.node, wrap) };
    default:
      return { kind: node.kind, nodes: node.nodes.map((inner) => lift(inner, wrap)) };
  }
}

/** What follows a field name: a value to equal, a pattern, or operators. */
export function parseValue(value: unknown): ValueNode {
  if (isOperatorObject(value)) return parseOperators(value);
  return { kind: 'test', test: equality(value) };
}

function equality(value: unknown): Test {
  return isRegex(value) ? { op: 'regex', pattern: compileRegex(value), source: value } : { op: 'eq', value };
}

const isRegex = (value: unknown): boolean =>
  value instanceof RegExp ||
  (typeof value === 'object' && value !== null && bsonTypeOf(value) === 'BSONRegExp');

export function parseOperators(operators: Doc): ValueNode {
  const nodes: ValueNode[] = [];
  for (const [name, operand] of Object.entries(operators)) {
    if (!name.startsWith('$')) throw badValue(`unknown operator: ${name}`);
    if (name === '$options') {
      if (!('$regex' in operators)) throw badValue('$options needs a $regex');
      continue;
    }
    nodes.push(parseOperator(name, operand, operators));
  }
  return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'and', nodes };
}

const test = (value: Test): ValueNode => ({ kind: 'test', test: value });
const not = (node: ValueNode): ValueNode => ({ kind: 'not', node });

function parseOperator(name: string, operand: unknown, operators: Doc): ValueNode {
  switch (name) {
    case '$eq':
      return test({ op: 'eq', value: operand });
    case '$ne':
      if (isRegex(operand)) throw badValue("Can't have regex as arg to $ne.");
      return not(test({ op: 'eq', value: operand }));
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      if (isRegex(operand)) throw badValue(`Can't have RegEx as arg to predicate over field: ${name}`);
      return test({ op: name.slice(1) as 'gt' | 'gte' | 'lt' | 'lte', value: operand });
    case '$in':
      return test(inTest(name, operand));
    case '$nin':
      return not(test(inTest(name, operand)));
    case '$exists':
      return isTrue(operand) ? test({ op: 'exists' }) : not(test({ op: 'exists' }));
    case '$type':
      return test({ op: 'type', types: parseTypes(operand) });
    case '$regex':
      return test({ op: 'regex', pattern: compileRegex(operand, operators.$options), source: undefined });
    case '$not':
      return not(parseNot(operand));
    case '$all':
      return parseAll(operand);
    case '$size':
      return test({ op: 'size', size: wholeNumber(name, operand) });
    case '$mod':
      return test(parseMod(operand));
    case '$elemMatch':
      return test(parseElemMatch(operand));
    default:
      throw KNOWN_ELSEWHERE.has(name) ? unsupported(name) : badValue(`unknown operator: ${name}`);
  }
}

/** MongoDB has them; this engine does not. */
const KNOWN_ELSEWHERE = new Set([
  '$near',
  '$nearSphere',
  '$geoWithin',
  '$geoIntersects',
  '$within',
  '$bitsAllSet',
  '$bitsAnySet',
  '$bitsAllClear',
  '$bitsAnyClear',
]);

function inTest(name: string, operand: unknown): Test {
  if (!Array.isArray(operand)) throw badValue(`${name} needs an array`);
  if (operand.some(isOperatorObject)) throw badValue(`cannot nest $ under ${name}`);
  return {
    op: 'in',
    values: operand,
    patterns: operand.filter(isRegex).map((pattern) => compileRegex(pattern)),
  };
}

function parseNot(operand: unknown): ValueNode {
  if (isRegex(operand)) return test(equality(operand));
  if (!isDocument(operand)) throw badValue('$not needs a regex or a document');
  if (Object.keys(operand).length === 0) throw badValue('$not cannot be empty');
  return parseOperators(operand);
}

function parseAll(operand: unknown): ValueNode {
  if (!Array.isArray(operand)) throw badValue('$all needs an array');
  if (operand.length === 0) return test({ op: 'in', values: [], patterns: [] });
  const nodes = operand.map((item): ValueNode => {
    if (!isOperatorObject(item)) return test(equality(item));
    if (Object.keys(item)[0] !== '$elemMatch') throw badValue('no $ expressions in $all');
    return test(parseElemMatch(item.$elemMatch));
  });
  return { kind: 'and', nodes };
}

function parseMod(operand: unknown): Test {
  if (!Array.isArray(operand)) throw badValue('malformed mod, needs to be an array');
  if (operand.length < 2) throw badValue('malformed mod, not enough elements');
  if (operand.length > 2) throw badValue('malformed mod, too many elements');
  const [divisor, remainder] = (operand as unknown[]).map((part) => {
    if (!isNumeric(part) || !Number.isFinite(toDouble(part))) {
      throw badValue('malformed mod, divisor and remainder must be numbers');
    }
    return BigInt(Math.trunc(toDouble(part)));
  });
  if (divisor === undefined || remainder === undefined || divisor === 0n)
    throw badValue('divisor cannot be 0');
  return { op: 'mod', divisor, remainder };
}

function wholeNumber(name: string, operand: unknown): number {
  const value = isNumeric(operand) ? toDouble(operand) : NaN;
  if (!Number.isInteger(value)) throw badValue(`Failed to parse ${name}. Expected an integer`);
  if (value < 0) throw badValue(`Failed to parse ${name}. Expected a non-negative number`);
  return value;
}

const LOGICAL = new Set(['$and', '$or', '$nor', '$expr']);

/** On objects a filter; on plain elements operators. */
function parseElemMatch(operand: unknown): Test {
  if (!isDocument(operand)) throw badValue('$elemMatch needs an Object');
  const first = Object.keys(operand)[0];
  if (first?.startsWith('$') === true && !LOGICAL.has(first)) {
    return { op: 'elemMatchValue', node: parseOperators(operand) };
  }
  return { op: 'elemMatchObject', node: parseFilter(operand) };
}

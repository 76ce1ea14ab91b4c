import { isDocument, type Doc } from '../bson.js';
import {
  compareSameKind,
  compareStrings,
  Kind,
  kindOf,
  sameValue,
  stringOf,
  type StringComparator,
} from '../compare.js';
import { encodeValue } from '../key.js';
import { isNumeric, toDouble } from '../numbers.js';
import { anyValue, type ValueTest } from '../paths.js';
import type { Node, Test, ValueNode } from './ast.js';
import { isTrue } from './truth.js';
import { typeName } from './types.js';

export type Matcher = (doc: Doc) => boolean;

export interface MatchContext {
  /** Replaces the order and equality of strings. */
  readonly collator?: StringComparator | undefined;
  /** Compiles `$expr`. */
  readonly expression: (expression: unknown) => (doc: Doc) => unknown;
}

/** Compiles a filter. */
export function compileFilter(node: Node, context: MatchContext): Matcher {
  switch (node.kind) {
    case 'path': {
      const { parts, test } = node;
      const passes = compileTest(test, context);
      const leaves = seesElements(test);
      return (doc) => anyValue(doc, parts, 0, leaves, passes);
    }
    case 'and': {
      const matchers = node.nodes.map((inner) => compileFilter(inner, context));
      return (doc) => matchers.every((matches) => matches(doc));
    }
    case 'or': {
      const matchers = node.nodes.map((inner) => compileFilter(inner, context));
      return (doc) => matchers.some((matches) => matches(doc));
    }
    case 'not': {
      const matches = compileFilter(node.node, context);
      return (doc) => !matches(doc);
    }
    case 'expr': {
      const evaluate = context.expression(node.expression);
      return (doc) => isTrue(evaluate(doc));
    }
  }
}

/** `$size` and `$elemMatch` look at the array itself, everything else also at its elements. */
export const seesElements = (test: Test): boolean =>
  test.op !== 'size' && test.op !== 'elemMatchObject' && test.op !== 'elemMatchValue';

export function compileValueNode(node: ValueNode, context: MatchContext): ValueTest {
  switch (node.kind) {
    case 'test':
      return compileTest(node.test, context);
    case 'not': {
      const passes = compileValueNode(node.node, context);
      return (value) => !passes(value);
    }
    case 'and': {
      const tests = node.nodes.map((inner) => compileValueNode(inner, context));
      return (value) => tests.every((passes) => passes(value));
    }
    case 'or': {
      const tests = node.nodes.map((inner) => compileValueNode(inner, context));
      return (value) => tests.some((passes) => passes(value));
    }
  }
}

export function compileTest(test: Test, context: MatchContext): ValueTest {
  switch (test.op) {
    case 'eq':
      return equals(test.value, context.collator);
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return inRange(test.op, test.value, context.collator);
    case 'in':
      return isIn(test.values, test.patterns, context.collator);
    case 'regex':
      return matchesPattern(test.pattern, test.source);
    case 'exists':
      return (value) => value !== undefined;
    case 'type':
      return (value) => test.types.has(typeName(value));
    case 'mod':
      return hasRemainder(test.divisor, test.remainder);
    case 'size':
      return (value) => Array.isArray(value) && value.length === test.size;
    case 'elemMatchObject': {
      const matches = compileFilter(test.node, context);
      return (value) => Array.isArray(value) && value.some((element) => matchesElement(element, matches));
    }
    case 'elemMatchValue': {
      const passes = compileValueNode(test.node, context);
      return (value) => Array.isArray(value) && value.some(passes);
    }
  }
}

/** An array inside an array is matched by its positions, as MongoDB does. */
export function matchesElement(element: unknown, matches: Matcher): boolean {
  if (isDocument(element)) return matches(element);
  return Array.isArray(element) && matches(Object.fromEntries(element.entries()));
}

function equals(expected: unknown, collator: StringComparator | undefined): ValueTest {
  if (typeof expected === 'string' && !collator)
    return (value) => value === expected || (typeof value === 'object' && sameValue(value, expected));
  return (value) => sameValue(value, expected, collator);
}

type RangeOp = 'lt' | 'lte' | 'gt' | 'gte';

/** Only values of the same kind are compared; null and missing are equal; NaN is equal to itself alone. */
function inRange(op: RangeOp, bound: unknown, collator: StringComparator = compareStrings): ValueTest {
  const kind = kindOf(bound);
  const orEqual = op === 'lte' || op === 'gte';
  if (kind === Kind.MinKey || kind === Kind.MaxKey) return beyondAll(op, kind);
  if (isNumeric(bound) && Number.isNaN(toDouble(bound))) {
    return (value) => orEqual && isNumeric(value) && Number.isNaN(toDouble(value));
  }
  const wanted = op === 'lt' || op === 'lte' ? -1 : 1;
  return (value) => {
    if (kindOf(value) !== kind) return false;
    if (isNumeric(value) && Number.isNaN(toDouble(value))) return false;
    const order = compareSameKind(kind, value, bound, collator);
    return order === 0 ? orEqual : order < 0 === wanted < 0;
  };
}

/** MinKey and MaxKey compare with every kind. */
function beyondAll(op: RangeOp, kind: Kind): ValueTest {
  return (value) => {
    if (value === undefined) return false;
    const order = kindOf(value) - kind;
    if (order === 0) return op === 'lte' || op === 'gte';
    return order < 0 === (op === 'lt' || op === 'lte');
  };
}

/** From this many values on, looking up the encoded value is quicker than comparing one by one. */
const MANY = 12;

function isIn(
  values: readonly unknown[],
  patterns: readonly RegExp[],
  collator: StringComparator | undefined,
): ValueTest {
  const matchesAny: ValueTest = (value) =>
    patterns.length > 0 &&
    kindOf(value) === Kind.String &&
    patterns.some((pattern) => pattern.test(stringOf(value)));
  if (values.length < MANY || collator) {
    return (value) => values.some((expected) => sameValue(value, expected, collator)) || matchesAny(value);
  }
  const keys = new Set(values.map((value) => encodeValue(value).toString('latin1')));
  return (value) => keys.has(encodeValue(value).toString('latin1')) || matchesAny(value);
}

function matchesPattern(pattern: RegExp, source: unknown): ValueTest {
  return (value) => {
    const kind = kindOf(value);
    if (kind === Kind.String) return pattern.test(stringOf(value));
    return kind === Kind.Regex && sameValue(value, source ?? pattern);
  };
}

function hasRemainder(divisor: bigint, remainder: bigint): ValueTest {
  return (value) => {
    if (!isNumeric(value)) return false;
    const number = toDouble(value);
    if (!Number.isFinite(number)) return false;
    const whole =
      typeof value === 'object' && 'toBigInt' in value ? value.toBigInt() : BigInt(Math.trunc(number));
    return whole % divisor === remainder;
  };
}

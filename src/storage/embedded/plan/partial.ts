import type { Doc } from '../bson.js';
import { holdsString, kindOf, sameValue } from '../compare.js';
import { conjuncts, type Node, type Test } from '../query/ast.js';
import { compileTest, type MatchContext } from '../query/match.js';
import { parseFilter } from '../query/parse.js';
import { ErrorCode, serverError, unsupported } from '../errors.js';
import type { Constraint } from './constraints.js';

const NO_CONTEXT: MatchContext = {
  expression: () => {
    throw unsupported('$expr in a partialFilterExpression');
  },
};

/** What a partialFilterExpression may say: a conjunction of these. */
const ALLOWED = new Set<Test['op']>(['eq', 'gt', 'gte', 'lt', 'lte', 'exists', 'type', 'in']);

/** @throws MongoServerError for an expression this engine could not reason about */
export function checkPartialFilter(expression: Doc): void {
  for (const node of conjuncts(parseFilter(expression))) {
    if (node.kind !== 'path' || !ALLOWED.has(node.test.op)) {
      throw serverError(ErrorCode.CannotCreateIndex, 'unsupported expression in partial index');
    }
  }
}

const parsed = new WeakMap<Doc, readonly Node[]>();

function nodesOf(expression: Doc): readonly Node[] {
  let nodes = parsed.get(expression);
  if (!nodes) {
    nodes = conjuncts(parseFilter(expression));
    parsed.set(expression, nodes);
  }
  return nodes;
}

const fields = new WeakMap<Doc, readonly string[]>();

/** Top fields on which it depends whether a document lies in the partial index. */
export function fieldsOfPartial(expression: Doc): readonly string[] {
  let found = fields.get(expression);
  if (!found) {
    found = nodesOf(expression).flatMap((node) => (node.kind === 'path' ? [node.parts[0] ?? ''] : []));
    fields.set(expression, found);
  }
  return found;
}

/**
 * True when every document the constraints let through lies in the partial index.
 * @param collated strings that are equal under the query's collation need not be equal for the index
 */
export function impliesPartial(
  expression: Doc,
  constraints: readonly Constraint[],
  collated: boolean,
): boolean {
  const nodes = nodesOf(expression);
  const usable = collated ? constraints.filter(({ test }) => !comparesStrings(test)) : constraints;
  return nodes.every((node) => isImplied(node, usable));
}

const comparesStrings = (test: Test): boolean =>
  'value' in test ? holdsString(test.value) : 'values' in test && test.values.some(holdsString);

function isImplied(node: Node, constraints: readonly Constraint[]): boolean {
  if (node.kind !== 'path') return false;
  return constraints.some(
    (constraint) =>
      constraint.path === node.path && !constraint.negated && testImplies(constraint.test, node.test),
  );
}

/** Returns true if some value passing `known` always passes `wanted`. */
function testImplies(known: Test, wanted: Test): boolean {
  const passes = compileTest(wanted, NO_CONTEXT);
  switch (known.op) {
    case 'eq':
      return passes(known.value) && (known.value !== null || wanted.op === 'eq');
    case 'in':
      return (
        known.patterns.length === 0 &&
        known.values.length > 0 &&
        known.values.every((value) => value !== null && passes(value))
      );
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      if (wanted.op === 'exists') return kindOf(known.value) !== kindOf(null);
      return wanted.op === known.op && 'value' in wanted
        ? sameValue(known.value, wanted.value) || passes(known.value)
        : rangeImplies(known.op, known.value, wanted);
    case 'exists':
      return wanted.op === 'exists';
    case 'type':
      return wanted.op === 'type'
        ? [...known.types].every((type) => wanted.types.has(type))
        : wanted.op === 'exists';
    default:
      return wanted.op === 'exists';
  }
}

/** `> 5` implies `>= 5` and `>= 3`; `>= 5` implies `> 3`. */
function rangeImplies(op: 'gt' | 'gte' | 'lt' | 'lte', value: unknown, wanted: Test): boolean {
  const upward = op === 'gt' || op === 'gte';
  const sameWay = upward
    ? wanted.op === 'gt' || wanted.op === 'gte'
    : wanted.op === 'lt' || wanted.op === 'lte';
  return sameWay && compileTest(wanted, NO_CONTEXT)(value);
}

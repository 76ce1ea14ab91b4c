import { normalize, plainValue, type Doc } from '../bson.js';
import { collatorOf, type Collation } from '../collation.js';
import { compileExpression } from '../aggregate/expression.js';
import { conjuncts, type Node } from './ast.js';
import { nodeOf, plainEqualities, type Equalities } from './equalities.js';
import { compileFilter, type MatchContext, type Matcher } from './match.js';
import { parseFilter } from './parse.js';
import { needsExactNumbers } from './types.js';

/** A caller's filter, read once. */
export interface Filter {
  readonly node: Node;
  readonly matches: Matcher;
  /** True for the filter that everything passes. */
  readonly empty: boolean;
  /** True when documents must be decoded with their number types to be matched. */
  readonly exactNumbers: boolean;
  readonly context: MatchContext;
  /** All the filter asks, when it asks for equal plain values alone and no collation changes what is equal. */
  readonly equalities?: Equalities;
  /** The one `_id` that a document must have to match, where the filter asks for it among other things. */
  readonly id?: unknown;
}

export interface FilterOptions {
  readonly collation?: Collation | undefined;
  /** `$$NOW`, and variables of `let`. */
  readonly now?: Date;
}

/** @throws MongoServerError as MongoDB does for a filter it cannot read */
export function readFilter(filter: unknown, options: FilterOptions = {}): Filter {
  const equalities = options.collation === undefined ? plainEqualities(filter) : undefined;
  return equalities
    ? new EqualityFilter(equalities, matchContext(options))
    : filterOf(parseFilter(normalize(filter ?? {})), options);
}

/** Mostly answered by a unique index: then nothing need be compiled. */
class EqualityFilter implements Filter {
  readonly empty = false;
  readonly exactNumbers = false;
  #node: Node | undefined;
  #matches: Matcher | undefined;

  constructor(
    readonly equalities: Equalities,
    readonly context: MatchContext,
  ) {}

  get node(): Node {
    return (this.#node ??= nodeOf(this.equalities));
  }

  get matches(): Matcher {
    return (this.#matches ??= compileFilter(this.node, this.context));
  }
}

export function filterOf(node: Node, options: FilterOptions = {}): Filter {
  const context = matchContext(options);
  return {
    node,
    matches: compileFilter(node, context),
    empty: node.kind === 'and' && node.nodes.length === 0,
    exactNumbers: asksForNumberTypes(node),
    context,
    ...(context.collator === undefined && { id: idIn(node) }),
  };
}

/** Returns the top fields that a filter asks of; undefined where an expression may ask of any. */
export function topFields(node: Node): string[] | undefined {
  switch (node.kind) {
    case 'path':
      return [node.parts[0] ?? ''];
    case 'not':
      return topFields(node.node);
    case 'expr':
      return undefined;
    default: {
      const fields = node.nodes.map(topFields);
      return fields.includes(undefined) ? undefined : fields.flatMap((names) => names ?? []);
    }
  }
}

/** @returns undefined where no plain `_id` is asked for, or where it is only one of several ways to match */
function idIn(node: Node): unknown {
  for (const part of conjuncts(node)) {
    if (part.kind === 'path' && part.path === '_id' && part.test.op === 'eq')
      return plainValue(part.test.value);
  }
  return undefined;
}

export function matchContext({ collation, now = new Date() }: FilterOptions): MatchContext {
  const collator = collatorOf(collation);
  return {
    collator,
    expression: (expression) => {
      const evaluate = compileExpression(expression, { collator });
      return (doc: Doc) => evaluate({ root: doc, variables: { NOW: now } });
    },
  };
}

function asksForNumberTypes(node: Node): boolean {
  switch (node.kind) {
    case 'path':
      return node.test.op === 'type' && needsExactNumbers(node.test.types);
    case 'and':
    case 'or':
      return node.nodes.some(asksForNumberTypes);
    case 'not':
      return asksForNumberTypes(node.node);
    case 'expr':
      return false;
  }
}

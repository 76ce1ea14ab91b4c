import { conjuncts, type Node, type Test } from '../query/ast.js';
import { boundsOf, impliesPresence, negatedBounds, type Bounds } from './intervals.js';

/** What one conjunct of a filter says about one path. */
export interface Constraint {
  readonly path: string;
  /** The conjunct of the filter it comes from. */
  readonly source: Node;
  readonly test: Test;
  readonly negated: boolean;
  readonly bounds: Bounds | undefined;
  /** A document that passes has the field. */
  readonly present: boolean;
  /**
   * Constraints of one `$elemMatch` hold for the same element; 0 for those that need not. Only then may two
   * fields of one array be looked up together.
   */
  readonly element: number;
}

/** Reads what a filter says of the paths an index could know. */
export function constraintsOf(nodes: readonly Node[], collated: boolean): Constraint[] {
  const result: Constraint[] = [];
  let elements = 0;
  const add = (path: string, test: Test, negated: boolean, source: Node, element: number): void => {
    if (!negated && test.op === 'elemMatchObject') {
      const group = ++elements;
      for (const inner of conjuncts(test.node)) visit(inner, `${path}.`, source, group);
      return;
    }
    result.push({
      path,
      source,
      test,
      negated,
      bounds: negated ? negatedBounds(test) : boundsOf(test, collated),
      present: negated ? test.op === 'eq' && test.value === null : impliesPresence(test),
      element,
    });
  };
  const visit = (node: Node, prefix: string, source: Node, element: number): void => {
    if (node.kind === 'path') add(prefix + node.path, node.test, false, source, element);
    else if (node.kind === 'not' && node.node.kind === 'path') {
      add(prefix + node.node.path, node.node.test, true, source, element);
    }
  };
  for (const node of nodes) visit(node, '', node, 0);
  return result;
}

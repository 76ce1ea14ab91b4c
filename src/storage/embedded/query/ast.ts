import type { Path } from '../paths.js';

/** What one value is tested for. */
export type Test =
  | { readonly op: 'eq' | 'lt' | 'lte' | 'gt' | 'gte'; readonly value: unknown }
  | { readonly op: 'in'; readonly values: readonly unknown[]; readonly patterns: readonly RegExp[] }
  | { readonly op: 'regex'; readonly pattern: RegExp; readonly source: unknown }
  | { readonly op: 'exists' }
  | { readonly op: 'type'; readonly types: ReadonlySet<string> }
  | { readonly op: 'mod'; readonly divisor: bigint; readonly remainder: bigint }
  | { readonly op: 'size'; readonly size: number }
  | { readonly op: 'elemMatchObject'; readonly node: Node }
  | { readonly op: 'elemMatchValue'; readonly node: ValueNode };

/** Tests of one value, for `$elemMatch` on plain elements, `$pull` and array filters. */
export type ValueNode =
  | { readonly kind: 'test'; readonly test: Test }
  | { readonly kind: 'not'; readonly node: ValueNode }
  | { readonly kind: 'and' | 'or'; readonly nodes: readonly ValueNode[] };

/** A filter. A `path` node holds when any value the path reaches passes the test. */
export type Node =
  | { readonly kind: 'path'; readonly path: string; readonly parts: Path; readonly test: Test }
  | { readonly kind: 'and' | 'or'; readonly nodes: readonly Node[] }
  | { readonly kind: 'not'; readonly node: Node }
  | { readonly kind: 'expr'; readonly expression: unknown };

/** Every conjunct of a filter: nested `$and` taken apart. */
export function conjuncts(node: Node): readonly Node[] {
  return node.kind === 'and' ? node.nodes.flatMap(conjuncts) : [node];
}

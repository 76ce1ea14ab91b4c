import { normalizeExact, ObjectId, type Doc } from '../bson.js';
import { ErrorCode, serverError } from '../errors.js';
import { conjuncts, type Node } from '../query/ast.js';
import { changeAt } from './target.js';

/**
 * The document an upsert begins with: the values the filter pins fields to.
 * @throws MongoServerError when the filter pins one field twice
 */
export function seedOf(filter: Node): Doc {
  const seed: Doc = {};
  const seen: string[] = [];
  for (const node of conjuncts(filter)) {
    const pinned = pinnedBy(node);
    if (!pinned) continue;
    const { path, parts, value } = pinned;
    if (
      seen.some((other) => other === path || other.startsWith(`${path}.`) || path.startsWith(`${other}.`))
    ) {
      throw serverError(
        ErrorCode.NotSingleValueField,
        `cannot infer query fields to set, path '${path}' is matched twice`,
      );
    }
    seen.push(path);
    changeAt(seed, parts, true, () => value);
  }
  // A copy: the update will change it in place.
  return normalizeExact(seed);
}

function pinnedBy(node: Node): { path: string; parts: readonly string[]; value: unknown } | undefined {
  if (node.kind === 'or' && node.nodes.length === 1 && node.nodes[0]) return pinnedBy(node.nodes[0]);
  if (node.kind !== 'path' || node.test.op !== 'eq') return undefined;
  return { path: node.path, parts: node.parts, value: node.test.value };
}

/** `_id` first, made when there is none. */
export function withId(doc: Doc): Doc {
  const { _id = new ObjectId(), ...rest } = doc;
  return { _id, ...rest };
}

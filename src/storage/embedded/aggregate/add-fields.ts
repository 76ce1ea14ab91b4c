import { field, isDocument, setField, type Doc } from '../bson.js';
import { badValue } from '../errors.js';
import { isOperatorObject } from '../query/parse.js';
import type { Evaluator, Scope } from './evaluator.js';
import { compileExpression } from './expression.js';
import type { ExpressionContext } from './evaluator.js';

type Tree = Map<string, Evaluator | Tree>;

/** Compiles `$addFields` and `$set` of the aggregation language. Returns a function that copies what it changes. */
export function compileAddFields(spec: unknown, context: ExpressionContext): (doc: Doc, scope: Scope) => Doc {
  if (!isDocument(spec) || Object.keys(spec).length === 0) {
    throw badValue('$addFields needs an object with at least one field');
  }
  const tree: Tree = new Map();
  grow(tree, '', spec, context);
  return (doc, scope) => assign(tree, doc, scope);
}

function grow(root: Tree, prefix: string, spec: Doc, context: ExpressionContext): void {
  for (const [name, value] of Object.entries(spec)) {
    const path = prefix + name;
    if (isDocument(value) && !isOperatorObject(value) && Object.keys(value).length > 0) {
      grow(root, `${path}.`, value, context);
      continue;
    }
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    if (last === '' || parts.includes('') || path.startsWith('$'))
      throw badValue(`invalid field path '${path}'`);
    let tree = root;
    for (const part of parts) {
      const next = tree.get(part) ?? (new Map() as Tree);
      if (!(next instanceof Map))
        throw badValue(`Invalid $addFields :: caused by :: path collision at ${path}`);
      tree.set(part, next);
      tree = next;
    }
    if (tree.has(last)) throw badValue(`Invalid $addFields :: caused by :: path collision at ${path}`);
    tree.set(last, compileExpression(value, context));
  }
}

function assign(tree: Tree, doc: Doc, scope: Scope): Doc {
  const result: Doc = { ...doc };
  for (const [name, node] of tree) {
    const value = node instanceof Map ? assignBelow(node, field(doc, name), scope) : node(scope);
    if (value === undefined) Reflect.deleteProperty(result, name);
    else setField(result, name, value);
  }
  return result;
}

/** Below an array the fields are set in each of its elements. */
function assignBelow(tree: Tree, value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map((element) => assignBelow(tree, element, scope));
  return assign(tree, isDocument(value) ? value : {}, scope);
}

import { field, isDocument, type Doc } from '../bson.js';
import { anyValue, arrayIndex, splitPath, type Path } from '../paths.js';
import { conjuncts, type Node } from './ast.js';
import { compileFilter, compileTest, seesElements, type MatchContext } from './match.js';

/**
 * Returns the position of the array element that made the filter match, for the positional `$`.
 * @param arrayPath the path before `.$`
 * @returns the element's position; undefined when the filter says nothing about an array on that path
 */
export function matchedPosition(
  node: Node,
  doc: Doc,
  arrayPath: string,
  context: MatchContext,
): number | undefined {
  const wanted = splitPath(arrayPath);
  let found: number | undefined;
  let other: number | undefined;
  for (const { path, position } of positions(node, doc, context)) {
    // The last criterion on the array decides, as in MongoDB; one on another array only if there is none.
    if (samePrefix(path, wanted)) found = position;
    else other = position;
  }
  return found ?? other;
}

interface MatchedElement {
  readonly path: Path;
  readonly position: number;
}

function* positions(node: Node, doc: Doc, context: MatchContext): Generator<MatchedElement> {
  for (const part of conjuncts(node)) {
    if (part.kind === 'or') {
      const branch = part.nodes.find((inner) => compileFilter(inner, context)(doc));
      if (branch) yield* positions(branch, doc, context);
    } else if (part.kind === 'path') {
      const element = firstElement(part, doc, context);
      if (element) yield element;
    }
  }
}

/** The first element, of the outermost array on the path, that passes by itself. */
function firstElement(
  node: Extract<Node, { kind: 'path' }>,
  doc: Doc,
  context: MatchContext,
): MatchedElement | undefined {
  const { parts, test } = node;
  let value: unknown = doc;
  let at = 0;
  while (isDocument(value) && at < parts.length) value = field(value, parts[at++] ?? '');
  if (!Array.isArray(value)) return undefined;
  const rest = parts.slice(at);
  // An explicit position in the filter is not a match by search.
  if (rest.length > 0 && arrayIndex(rest[0] ?? '') >= 0) return undefined;
  const leaves = seesElements(test);
  const passes = compileTest(test, context);
  const position = value.findIndex((element: unknown) => {
    if (rest.length === 0) return leaves ? passes(element) : passes([element]);
    return isDocument(element) && anyValue(element, rest, 0, leaves, passes);
  });
  return position < 0 ? undefined : { path: parts.slice(0, at), position };
}

const samePrefix = (path: Path, wanted: Path): boolean =>
  path.length <= wanted.length && path.every((name, i) => name === wanted[i]);

import { field, isDocument, type Doc } from '../bson.js';
import { badValue, ErrorCode, serverError, show } from '../errors.js';
import { arrayIndex, type Path } from '../paths.js';
import type { ValueTest } from '../paths.js';
import type { Node } from '../query/ast.js';
import { compileFilter, type MatchContext } from '../query/match.js';
import { parseFilter } from '../query/parse.js';

/** `$[name]` → test of the elements that it selects. */
export type ArrayFilters = ReadonlyMap<string, ValueTest>;

/**
 * Reads the option `arrayFilters`.
 * @param used the identifiers the update's paths name
 * @throws MongoServerError for an identifier without a filter, or a filter without use
 */
export function readArrayFilters(
  option: unknown,
  used: ReadonlyMap<string, string>,
  context: MatchContext,
): ArrayFilters {
  const filters = new Map<string, ValueTest>();
  for (const spec of Array.isArray(option) ? (option as unknown[]) : []) {
    const node = parseFilter(spec);
    const name = identifierOf(node);
    if (name === undefined || !/^[a-z][a-zA-Z0-9]*$/.test(name)) {
      throw badValue('an array filter must name one identifier, which begins with a lowercase letter');
    }
    if (filters.has(name)) {
      throw serverError(
        ErrorCode.FailedToParse,
        `Found multiple array filters with the same top-level field name ${name}`,
      );
    }
    if (!used.has(name)) {
      throw serverError(
        ErrorCode.FailedToParse,
        `The array filter for identifier '${name}' was not used in the update`,
      );
    }
    const matches = compileFilter(node, context);
    filters.set(name, (element) => matches({ [name]: element }));
  }
  for (const [name, path] of used) {
    if (!filters.has(name))
      throw badValue(`No array filter found for identifier '${name}' in path '${path}'`);
  }
  return filters;
}

/** The first path component all tests of an array filter share. */
function identifierOf(node: Node): string | undefined {
  switch (node.kind) {
    case 'path':
      return node.parts[0];
    case 'not':
      return identifierOf(node.node);
    case 'and':
    case 'or': {
      const names = new Set(node.nodes.map(identifierOf));
      return names.size === 1 ? [...names][0] : undefined;
    }
    case 'expr':
      return undefined;
  }
}

/** Identifiers in a path: `items.$[late].done` → late. */
export const identifiersIn = (path: Path): string[] =>
  path.flatMap((part) => (/^\$\[.+\]$/.test(part) ? [part.slice(2, -1)] : []));

export const hasPositions = (path: Path): boolean => path.some((part) => part.startsWith('$'));

export interface PositionContext {
  readonly filters: ArrayFilters;
  /** Which element made the filter match, for the array at a path. */
  readonly matched: (arrayPath: string) => number | undefined;
}

/** Puts array positions in the place of `$`, `$[]` and `$[name]`: one path per element concerned. */
export function concretePaths(doc: Doc, path: Path, context: PositionContext): Path[] {
  const result: Path[] = [];
  const walk = (value: unknown, at: number, taken: Path): void => {
    const part = path[at];
    if (part === undefined) {
      result.push(taken);
    } else if (!part.startsWith('$')) {
      walk(childOf(value, part), at + 1, [...taken, part]);
    } else if (part === '$') {
      const position = context.matched(taken.join('.'));
      if (position === undefined) {
        throw badValue('The positional operator did not find the match needed from the query.');
      }
      walk(childOf(value, String(position)), at + 1, [...taken, String(position)]);
    } else {
      const passes = part === '$[]' ? (): boolean => true : context.filters.get(part.slice(2, -1));
      arrayAt(value, taken).forEach((element, i) => {
        if (passes?.(element) === true) walk(element, at + 1, [...taken, String(i)]);
      });
    }
  };
  walk(doc, 0, []);
  return result;
}

function childOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return arrayIndex(name) < 0 ? undefined : (value[arrayIndex(name)] as unknown);
  return isDocument(value) ? field(value, name) : undefined;
}

function arrayAt(value: unknown, path: Path): unknown[] {
  if (Array.isArray(value)) return value;
  throw badValue(
    value === undefined
      ? `The path '${path.join('.')}' must exist in the document in order to apply array updates.`
      : `Cannot apply array updates to non-array element ${path.at(-1) ?? ''}: ${show(value)}`,
  );
}

import { Int32, isDocument, isPlainObject, normalizeExact, plainValue, type Doc } from '../bson.js';
import { compileUpdatePipeline } from '../aggregate/pipeline.js';
import type { IndexInfo } from '../catalog.js';
import { badValue, ErrorCode, serverError } from '../errors.js';
import { splitPath, type Path } from '../paths.js';
import { fieldsOfPartial } from '../plan/partial.js';
import type { Filter } from '../query/filter.js';
import { matchedPosition } from '../query/positional.js';
import { UPDATE_OPERATORS, type UpdateTarget } from './operators.js';
import {
  concretePaths,
  hasPositions,
  identifiersIn,
  readArrayFilters,
  type ArrayFilters,
} from './positions.js';
import { changeAt, KEEP, REMOVE, valueAtPath, type Change } from './target.js';

/** A compiled update: what becomes of a document. */
export interface Update {
  /**
   * @param doc decoded with its number types; may be changed in place
   * @param inserting the document is being made by an upsert
   */
  apply(doc: Doc, inserting: boolean): Doc;
  /** Returns true if an index can be concerned. */
  touches(index: IndexInfo): boolean;
  /** Top fields that it reads and changes, besides those of the filter; absent: any. */
  readonly fields?: ReadonlySet<string>;
}

export interface UpdateOptions {
  readonly arrayFilters?: unknown;
  readonly now: Date;
}

/**
 * Compiles an update document or pipeline.
 * @throws MongoServerError for unknown operators, conflicting paths, operands of the wrong form
 */
export function compileUpdate(update: unknown, filter: Filter, options: UpdateOptions): Update {
  const spec = plainSetting(update) ?? normalizeExact(update);
  if (Array.isArray(spec)) {
    if (options.arrayFilters !== undefined && options.arrayFilters !== null) {
      throw serverError(
        ErrorCode.FailedToParse,
        'arrayFilters may not be specified for pipeline-syle updates',
      );
    }
    return { apply: compileUpdatePipeline(spec as unknown[], options.now), touches: () => true };
  }
  if (!isDocument(spec)) throw badValue('the update must be an object or an array');
  const names = Object.keys(spec);
  if (names.length === 0 || names.some((name) => !name.startsWith('$'))) {
    throw badValue('Update document requires atomic operators');
  }
  const changes = readChanges(spec);
  checkConflicts(changes);
  return new OperatorUpdate(changes.sort(byPath), filter, options);
}

/** Operators whose operands may be read without a round through BSON, with what makes them of the caller's values. */
const PLAIN: Readonly<Record<string, (value: unknown) => unknown>> = {
  $set: plainValue,
  $setOnInsert: plainValue,
  // Its operand's type decides that of the sum.
  $inc: (value) => (typeof value === 'number' && Object.is(value, value | 0) ? new Int32(value) : undefined),
};

/** `{ $set: { … } }` of plain values needs no round through BSON. Returns undefined for any other update. */
function plainSetting(update: unknown): Doc | undefined {
  if (!isPlainObject(update)) return undefined;
  const spec: Doc = {};
  for (const [operator, fields] of Object.entries(update)) {
    const read = Object.hasOwn(PLAIN, operator) ? PLAIN[operator] : undefined;
    if (read === undefined || !isPlainObject(fields)) return undefined;
    const copy: Doc = {};
    for (const [name, value] of Object.entries(fields)) {
      const plain = read(value);
      if (plain === undefined || name === '__proto__') return undefined;
      copy[name] = plain;
    }
    spec[operator] = copy;
  }
  return spec;
}

/** The update that puts a whole document in the place of another; its `_id` stays. */
export function compileReplacement(replacement: unknown): Update {
  const spec = normalizeExact(replacement);
  if (!isDocument(spec)) throw badValue('the replacement must be an object');
  if (Object.keys(spec).some((name) => name.startsWith('$'))) {
    throw badValue('Replacement document must not contain atomic operators');
  }
  return {
    apply: (doc) => ({ ...(doc._id !== undefined && { _id: doc._id }), ...spec }),
    touches: () => true,
  };
}

interface PathChange {
  readonly operator: string;
  readonly text: string;
  readonly path: Path;
  readonly creates: boolean;
  readonly change: (target: UpdateTarget) => Change;
  /** The path names elements by `$`, `$[]` or `$[name]`. */
  readonly positional: boolean;
  /** `$rename`: where the value goes. */
  readonly renamed?: Path;
}

function readChanges(spec: Doc): PathChange[] {
  return Object.entries(spec).flatMap(([operator, fields]) => {
    if (!isDocument(fields)) {
      throw serverError(
        ErrorCode.FailedToParse,
        `Modifiers operate on fields but we found another type instead: {${operator}: …}`,
      );
    }
    return Object.entries(fields).map(([text, operand]) =>
      operator === '$rename' ? readRename(text, operand) : readChange(operator, text, operand),
    );
  });
}

function readChange(operator: string, text: string, operand: unknown): PathChange {
  const known = UPDATE_OPERATORS[operator];
  if (!known) throw serverError(ErrorCode.FailedToParse, `Unknown modifier: ${operator}`);
  const path = readPath(text);
  return {
    operator,
    text,
    path,
    creates: known.creates,
    change: known.compile(text, operand),
    positional: hasPositions(path),
  };
}

function readRename(text: string, operand: unknown): PathChange {
  if (typeof operand !== 'string') throw badValue(`The 'to' field for $rename must be a string: ${text}`);
  const [path, renamed] = [readPath(text), readPath(operand)];
  if (hasPositions(path) || hasPositions(renamed)) throw badValue('$rename may not be dynamic');
  return {
    operator: '$rename',
    text,
    path,
    creates: false,
    change: () => () => KEEP,
    positional: false,
    renamed,
  };
}

function readPath(text: string): Path {
  const path = splitPath(text);
  if (path.some((part) => part === '')) {
    throw serverError(
      ErrorCode.EmptyFieldName,
      `The update path '${text}' contains an empty field name, which is not allowed.`,
    );
  }
  const wrong = path.find(
    (part, i) => part.startsWith('$') && (i === 0 || !/^\$(\[[a-z]?[a-zA-Z0-9]*\])?$/.test(part)),
  );
  if (wrong !== undefined) {
    throw serverError(
      ErrorCode.DollarPrefixedFieldName,
      `The dollar ($) prefixed field '${wrong}' in '${text}' is not allowed in the context of an update`,
    );
  }
  return path;
}

/** Two changes may not meet at one path, nor one lie below the other. */
function checkConflicts(changes: readonly PathChange[]): void {
  if (changes.length === 1 && changes[0]?.renamed === undefined) return;
  const paths = changes.flatMap(({ path, renamed }) => (renamed ? [path, renamed] : [path]));
  const sorted = paths.map((path) => path.join('.')).sort();
  const seen = new Set<string>();
  for (const text of sorted) {
    const parts = text.split('.');
    for (let i = 1; i <= parts.length; i++) {
      const prefix = parts.slice(0, i).join('.');
      if (seen.has(prefix)) {
        throw serverError(
          ErrorCode.ConflictingUpdateOperators,
          `Updating the path '${text}' would create a conflict at '${prefix}'`,
        );
      }
    }
    seen.add(text);
  }
}

/** MongoDB applies changes in the order of the paths, numbers by value; new fields come in that order. */
function byPath(a: PathChange, b: PathChange): number {
  for (let i = 0; i < Math.min(a.path.length, b.path.length); i++) {
    const [x = '', y = ''] = [a.path[i], b.path[i]];
    if (x === y) continue;
    if (/^\d+$/.test(x) && /^\d+$/.test(y)) return Number(x) - Number(y);
    return x < y ? -1 : 1;
  }
  return a.path.length - b.path.length;
}

class OperatorUpdate implements Update {
  readonly #changes: readonly PathChange[];
  readonly #filter: Filter;
  readonly #now: Date;
  readonly #arrayFilters: ArrayFilters;
  readonly fields: ReadonlySet<string>;

  constructor(changes: readonly PathChange[], filter: Filter, { arrayFilters, now }: UpdateOptions) {
    this.#changes = changes;
    this.#filter = filter;
    this.#now = now;
    const used = new Map<string, string>();
    const fields = new Set<string>();
    for (const { path, text, renamed, positional } of changes) {
      fields.add(path[0] ?? '');
      if (renamed) fields.add(renamed[0] ?? '');
      if (positional) for (const name of identifiersIn(path)) used.set(name, text);
    }
    this.fields = fields;
    const filters = arrayFilters === undefined ? undefined : normalizeExact(arrayFilters);
    this.#arrayFilters = readArrayFilters(filters, used, filter.context);
  }

  touches({ spec, paths }: IndexInfo): boolean {
    const { partialFilterExpression: partial } = spec;
    return (
      paths.some(([name]) => this.fields.has(name ?? '')) ||
      (partial !== undefined && fieldsOfPartial(partial).some((name) => this.fields.has(name)))
    );
  }

  apply(doc: Doc, inserting: boolean): Doc {
    const positions = this.#positions(doc);
    for (const { operator, path, text, creates, change, renamed, positional } of this.#changes) {
      if (operator === '$setOnInsert' && !inserting) continue;
      if (renamed) {
        rename(doc, path, renamed);
        continue;
      }
      const target: UpdateTarget = { path: text, id: doc._id, now: this.#now };
      if (!positional) {
        changeAt(doc, path, creates, change(target));
        continue;
      }
      const concrete = concretePaths(doc, path, { filters: this.#arrayFilters, matched: positions });
      for (const item of concrete) changeAt(doc, item, creates, change(target));
    }
    return doc;
  }

  /** Taken before anything is changed: the filter matched the document as it was. */
  #positions(doc: Doc): (arrayPath: string) => number | undefined {
    const found = new Map<string, number | undefined>();
    for (const { path, positional } of this.#changes) {
      const at = positional ? path.indexOf('$') : -1;
      if (at < 0) continue;
      const arrayPath = path.slice(0, at).join('.');
      found.set(arrayPath, matchedPosition(this.#filter.node, doc, arrayPath, this.#filter.context));
    }
    return (arrayPath) => found.get(arrayPath);
  }
}

function rename(doc: Doc, from: Path, to: Path): void {
  for (const path of [from, to]) {
    for (let i = 1; i < path.length; i++) {
      if (Array.isArray(valueAtPath(doc, path.slice(0, i)))) {
        throw badValue(`The field of $rename cannot be an array element: '${path.join('.')}'`);
      }
    }
  }
  const value = valueAtPath(doc, from);
  if (value === undefined) return;
  changeAt(doc, from, false, () => REMOVE);
  changeAt(doc, to, true, () => value);
}

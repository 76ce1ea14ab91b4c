import { compileExpression } from './aggregate/expression.js';
import type { Evaluator, Scope } from './aggregate/evaluator.js';
import { field, isDocument, setField, type Doc } from './bson.js';
import { badValue, unsupported } from './errors.js';
import { isNumeric, toDouble } from './numbers.js';
import { compileFilter, matchesElement } from './query/match.js';
import { filterOf, type Filter } from './query/filter.js';
import { compileValueNode } from './query/match.js';
import { isOperatorObject, parseFilter, parseOperators } from './query/parse.js';
import { matchedPosition } from './query/positional.js';
import type { Found } from './read/found.js';
import type { Kept, KeptField } from './decode-part.js';

/** Makes of a found document what was asked for. */
export type Projection = (found: Found) => Doc;

interface ProjectionContext {
  /** The query, for the positional `$` and for collations. */
  readonly filter: Filter | undefined;
  readonly variables: Scope['variables'];
}

/** What becomes of one field: its own rule, or rules for the fields below it. */
type Rule =
  | { readonly kind: 'include' | 'exclude' }
  | { readonly kind: 'compute'; readonly evaluate: Evaluator }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly count: number }
  | { readonly kind: 'element'; readonly choose: (array: unknown[], doc: Doc) => unknown }
  | Branch;
interface Branch {
  readonly kind: 'branch';
  readonly rules: Map<string, Rule>;
}

/**
 * Compiles the projection of `find`, or of `$project`.
 * @returns undefined when there is nothing to project
 * @throws MongoServerError for a mixture of inclusion and exclusion, colliding paths, unknown operators
 */
export function compileProjection(
  spec: unknown,
  use: 'find' | '$project',
  filter?: Filter,
  now: Date = new Date(),
): ((doc: Doc) => Doc) | undefined {
  return readProjection(spec, use, filter, now)?.project;
}

/** Compiles the projection of `find`: what it drops is not even decoded. @throws as `compileProjection` */
export function compileFoundProjection(
  spec: unknown,
  filter: Filter | undefined,
  now?: Date,
): Projection | undefined {
  const projection = readProjection(spec, 'find', filter, now);
  if (projection === undefined) return undefined;
  const { root, including, project } = projection;
  const kept = keptBy(root, including);
  return (found) => (kept === undefined ? project(found.doc) : found.part(kept, project));
}

/** Returns undefined where a rule looks at more than names. */
function keptBy(branch: Branch, including: boolean): Kept | undefined {
  const fields: KeptField[] = [];
  for (const [name, rule] of branch.rules) {
    const below =
      rule.kind === 'branch'
        ? keptBy(rule, including)
        : rule.kind === 'include' || rule.kind === 'exclude'
          ? rule.kind
          : undefined;
    if (below === undefined) return undefined;
    fields.push({ name, bytes: Buffer.from(name), rule: below });
  }
  return { including, fields };
}

function readProjection(
  spec: unknown,
  use: 'find' | '$project',
  filter?: Filter,
  now: Date = new Date(),
): { root: Branch; including: boolean; project: (doc: Doc) => Doc } | undefined {
  if (spec === undefined || spec === null) return undefined;
  if (!isDocument(spec)) throw badValue('the projection must be an object');
  const context: ProjectionContext = { filter, variables: { NOW: now } };
  const root: Branch = { kind: 'branch', rules: new Map() };
  addRules(root, '', spec, use, context);
  if (root.rules.size === 0) {
    if (use === '$project') throw badValue('projection specification must have at least one field');
    return undefined;
  }
  const including = isIncluding(root);
  const { rules } = root;
  if (including && !rules.has('_id')) rules.set('_id', { kind: 'include' });
  const project = (doc: Doc): Doc =>
    applyBranch(root, doc, { doc, including, scope: { root: doc, variables: context.variables } });
  return { root, including, project };
}

function addRules(
  root: Branch,
  prefix: string,
  spec: Doc,
  use: 'find' | '$project',
  context: ProjectionContext,
): void {
  for (const [name, value] of Object.entries(spec)) {
    const path = prefix + name;
    if (isDocument(value) && !isOperatorObject(value)) {
      if (Object.keys(value).length === 0) throw badValue('an empty sub-projection is not a valid value');
      addRules(root, `${path}.`, value, use, context);
    } else if (use === 'find' && path.endsWith('.$')) {
      addRule(root, path.slice(0, -2), positional(path.slice(0, -2), context));
    } else {
      addRule(root, path, readRule(value, use, context));
    }
  }
}

function addRule(root: Branch, path: string, rule: Rule): void {
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  if (parts.some((part) => part === '') || last === '')
    throw badValue(`the path '${path}' has an empty field name`);
  let branch = root;
  for (const part of parts) {
    let next = branch.rules.get(part);
    if (!next) {
      next = { kind: 'branch', rules: new Map() };
      branch.rules.set(part, next);
    }
    if (next.kind !== 'branch') throw badValue(`Path collision at ${path}`);
    branch = next;
  }
  if (branch.rules.has(last)) throw badValue(`Path collision at ${path}`);
  branch.rules.set(last, rule);
}

function readRule(value: unknown, use: 'find' | '$project', { filter }: ProjectionContext): Rule {
  if (typeof value === 'boolean') return { kind: value ? 'include' : 'exclude' };
  if (isNumeric(value)) return { kind: toDouble(value) !== 0 ? 'include' : 'exclude' };
  if (use === 'find' && isOperatorObject(value)) {
    if ('$slice' in value && isSimpleSlice(value.$slice)) return slice(value.$slice);
    if ('$elemMatch' in value) return elemMatch(value.$elemMatch);
    if ('$meta' in value) throw unsupported('$meta in a projection');
  }
  return { kind: 'compute', evaluate: compileExpression(value, { collator: filter?.context.collator }) };
}

const isSimpleSlice = (operand: unknown): boolean =>
  isNumeric(operand) || (Array.isArray(operand) && operand.every(isNumeric));

function slice(operand: unknown): Rule {
  const parts = (Array.isArray(operand) ? (operand as unknown[]) : [operand]).map((part) =>
    isNumeric(part) ? toDouble(part) : NaN,
  );
  const [first = 0, second] = parts;
  if (parts.length > 2 || !parts.every(Number.isInteger))
    throw badValue('$slice needs one or two whole numbers');
  if (second === undefined) return { kind: 'slice', from: undefined, count: first };
  if (second <= 0) throw badValue('the second argument of $slice must be positive');
  return { kind: 'slice', from: first, count: second };
}

/** The first element that matches, alone in its array; no field when none does. */
function elemMatch(operand: unknown): Rule {
  if (!isDocument(operand)) throw badValue('$elemMatch needs an object');
  const first = Object.keys(operand)[0];
  const plain = first?.startsWith('$') === true && !['$and', '$or', '$nor', '$expr'].includes(first);
  const { context } = filterOf({ kind: 'and', nodes: [] });
  const passes = plain
    ? compileValueNode(parseOperators(operand), context)
    : (
        (matches) => (element: unknown) =>
          matchesElement(element, matches)
      )(compileFilter(parseFilter(operand), context));
  return {
    kind: 'element',
    choose: (array) => {
      const index = array.findIndex((element) => passes(element));
      return index < 0 ? undefined : [array[index]];
    },
  };
}

/** `items.$`: the element by which the document matched the query. */
function positional(path: string, { filter }: ProjectionContext): Rule {
  return {
    kind: 'element',
    choose: (array, doc) => {
      const position = filter && matchedPosition(filter.node, doc, path, filter.context);
      if (position === undefined) {
        throw badValue(
          "Executor error during find command: positional operator '.$' couldn't find a matching element in the array",
        );
      }
      return array.length > position ? [array[position]] : [];
    },
  };
}

/** True for an inclusion; checks that rules of both kinds do not meet, `_id` aside. */
function isIncluding(root: Branch): boolean {
  const kinds = new Set<'include' | 'exclude' | 'neutral'>();
  const visit = (branch: Branch, top: boolean): void => {
    for (const [name, rule] of branch.rules) {
      if (rule.kind === 'branch') visit(rule, false);
      else if (!(top && name === '_id')) kinds.add(leaning(rule));
    }
  };
  visit(root, true);
  if (kinds.has('include') && kinds.has('exclude')) {
    throw badValue('Cannot do exclusion in inclusion projection, nor inclusion in exclusion projection');
  }
  if (kinds.has('include')) return true;
  if (kinds.has('exclude') || kinds.has('neutral')) return false;
  return root.rules.get('_id')?.kind !== 'exclude';
}

/** `$slice` goes with either; alone it leaves the other fields in. */
function leaning(rule: Exclude<Rule, Branch>): 'include' | 'exclude' | 'neutral' {
  if (rule.kind === 'exclude') return 'exclude';
  return rule.kind === 'slice' ? 'neutral' : 'include';
}

interface Run {
  readonly doc: Doc;
  readonly including: boolean;
  readonly scope: Scope;
}

function applyBranch(branch: Branch, value: Doc, run: Run): Doc {
  const result: Doc = {};
  for (const name of Object.keys(value)) {
    const rule = branch.rules.get(name);
    const kept = rule ? applyRule(rule, value[name], run) : run.including ? undefined : value[name];
    if (kept !== undefined) setField(result, name, kept);
  }
  // Computed fields that are new come after the others, in the order they were asked for.
  for (const [name, rule] of branch.rules) {
    if (rule.kind === 'compute') {
      const computed = rule.evaluate(run.scope);
      if (computed !== undefined) setField(result, name, computed);
    } else if (rule.kind === 'branch' && field(value, name) === undefined && computes(rule)) {
      setField(result, name, applyBranch(rule, {}, run));
    }
  }
  return result;
}

const computes = (branch: Branch): boolean =>
  [...branch.rules.values()].some(
    (rule) => rule.kind === 'compute' || (rule.kind === 'branch' && computes(rule)),
  );

function applyRule(rule: Rule, value: unknown, run: Run): unknown {
  switch (rule.kind) {
    case 'include':
      return value;
    case 'exclude':
    case 'compute':
      return undefined;
    case 'slice':
      return Array.isArray(value) ? cut(value, rule.from, rule.count) : value;
    case 'element':
      return Array.isArray(value) ? rule.choose(value, run.doc) : undefined;
    case 'branch':
      return applyBelow(rule, value, run);
  }
}

/** Rules below an array apply to each of its elements. */
function applyBelow(branch: Branch, value: unknown, run: Run): unknown {
  if (isDocument(value)) return applyBranch(branch, value, run);
  if (Array.isArray(value)) {
    const items = (value as unknown[]).map((element) => applyBelow(branch, element, run));
    return items.filter((item) => item !== undefined);
  }
  if (computes(branch)) return applyBranch(branch, {}, run);
  return run.including ? undefined : value;
}

function cut(array: unknown[], from: number | undefined, count: number): unknown[] {
  if (from === undefined) return count >= 0 ? array.slice(0, count) : array.slice(count);
  const start = from >= 0 ? from : Math.max(0, array.length + from);
  return array.slice(start, start + count);
}

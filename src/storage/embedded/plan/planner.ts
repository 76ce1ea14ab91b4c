import type { CollectionInfo, IndexInfo } from '../catalog.js';
import { isDocument } from '../bson.js';
import { badValue } from '../errors.js';
import { conjuncts, type Node } from '../query/ast.js';
import { constraintsOf, type Constraint } from './constraints.js';
import { planIndex } from './index-plan.js';
import type { CollectionPlan, IndexPlan, Plan, SortSpec, UnionPlan } from './plan.js';

export interface PlanRequest {
  readonly collection: CollectionInfo;
  readonly filter: Node;
  readonly sort: SortSpec;
  /** 0: all. */
  readonly limit: number;
  readonly collated: boolean;
  readonly hint?: unknown;
  /** Counts the entries in a plan's ranges, up to `cap`. */
  readonly count: (plan: IndexPlan, cap: number) => number;
}

/** Entries counted to tell two indexes apart; more where the best of them has as many. */
const CAP = 256;
const CAP_GROWTH = 8;
const MOST_COUNTED = 16_384;

/** Chooses how to read: the index that is expected to touch the fewest documents. */
export function choosePlan(request: PlanRequest): Plan {
  const { collection, filter, sort, collated } = request;
  const nodes = conjuncts(filter);
  const natural = naturalHint(request);
  if (natural !== undefined) return wholeCollection(nodes.length === 0, natural, sort);
  const hinted = hintedIndex(request);
  const constraints = constraintsOf(nodes, collated);
  const candidates = hinted
    ? [hinted]
    : collection.uniqueFirst.filter((index) => mayServe(index, constraints, sort));
  const plans: IndexPlan[] = [];
  for (const index of candidates) {
    const plan = planIndex({ index, constraints, conjuncts: nodes.length, sort, collated });
    // No other index can do with less than one entry.
    if (plan && isPinpoint(plan)) return plan;
    if (plan) plans.push(plan);
  }
  if (hinted) return plans[0] ?? wholeCollection(nodes.length === 0, false, sort);
  const bounded = plans.filter((plan) => plan.pinned + plan.ranged > 0 || holdsFewer(plan.index));
  const best = cheapest(bounded, request);
  const union = planUnion(nodes, request);
  if (union && (!best || cost(best, request) > unionCost(union, request))) return union;
  if (best) return best;
  // Reading a whole index in order pays for itself when only the beginning is wanted.
  const ordered = sort.length > 0 ? plans.find((plan) => plan.sorted) : undefined;
  return ordered ?? wholeCollection(nodes.length === 0, false, sort);
}

function wholeCollection(exact: boolean, reverse: boolean, sort: SortSpec): CollectionPlan {
  return { kind: 'collection', exact, reverse, sorted: sort.length === 0 };
}

/** Quick check: an index whose first field is in neither filter nor order is of no use. */
const mayServe = (index: IndexInfo, constraints: readonly Constraint[], sort: SortSpec): boolean =>
  constraints.some(({ path, bounds }) => path === index.fields[0] && bounds !== undefined) ||
  (sort.length > 0 && sort[0]?.[0] === index.fields[0]) ||
  holdsFewer(index);

/** A sparse or partial index narrows by what it leaves out; where it would lack a match it is no candidate. */
const holdsFewer = ({ spec }: IndexInfo): boolean =>
  spec.sparse === true || spec.partialFilterExpression !== undefined;

/** One entry at most. */
const isPinpoint = ({ index, pinned, ranges }: IndexPlan): boolean =>
  ranges.length <= 1 && pinned === index.fields.length && (index.spec.unique === true || index.id === 0);

function cheapest(plans: readonly IndexPlan[], request: PlanRequest): IndexPlan | undefined {
  const rivals = plans.filter((plan) => !plans.some((other) => isBetter(other, plan)));
  if (rivals.length < 2) return rivals[0];
  for (let cap = CAP; ; cap *= CAP_GROWTH) {
    const [best] = rivals
      .map((plan) => ({ plan, cost: cost(plan, request, cap) }))
      .sort((a, b) => a.cost - b.cost || preference(b.plan) - preference(a.plan));
    if (best === undefined || best.cost < cap || cap >= MOST_COUNTED) return best?.plan;
    // A count that stopped at the cap says nothing: an index that holds ten thousand would look like one of 256.
    if (cost(best.plan, request, cap * CAP_GROWTH) === best.cost) return best.plan;
  }
}

/** True when no counting is needed: `a` reads no more entries than `b`, whatever the documents are. */
function isBetter(a: IndexPlan, b: IndexPlan): boolean {
  if (a.repeats || holdsFewer(b.index) || (b.sorted && !a.sorted)) return false;
  if (![...b.uses].every((constraint) => a.uses.has(constraint))) return false;
  return a.uses.size > b.uses.size || preference(a) > preference(b);
}

/** Between plans that seem to cost the same. */
const preference = (plan: IndexPlan): number =>
  plan.pinned * 4 + plan.ranged * 2 + (plan.sorted ? 3 : 0) + (plan.exact ? 1 : 0);

function cost(plan: IndexPlan, request: PlanRequest, cap = CAP): number {
  const entries = request.count(plan, cap);
  const { limit } = request;
  // In the right order, reading stops at the limit.
  if (plan.sorted && plan.exact && limit > 0) return Math.min(entries, limit);
  return plan.sorted ? entries : entries * 1.2;
}

const unionCost = (union: UnionPlan, request: PlanRequest): number =>
  union.branches.reduce((sum, branch) => sum + cost(branch, request), 0) * 1.2;

/** Every branch of an `$or` by its own index; undefined when a branch has none. */
function planUnion(nodes: readonly Node[], request: PlanRequest): UnionPlan | undefined {
  for (const node of nodes) {
    if (node.kind !== 'or') continue;
    const rest = nodes.filter((other) => other !== node);
    const branches: IndexPlan[] = [];
    for (const branch of node.nodes) {
      const filter: Node = { kind: 'and', nodes: [branch, ...rest] };
      const plan = choosePlan({ ...request, filter, sort: [] });
      if (plan.kind === 'collection') break;
      branches.push(...(plan.kind === 'union' ? plan.branches : [plan]));
      if (branch === node.nodes.at(-1)) {
        return { kind: 'union', branches, exact: false, sorted: request.sort.length === 0 };
      }
    }
  }
  return undefined;
}

function naturalHint({ hint }: PlanRequest): boolean | undefined {
  return isDocument(hint) && '$natural' in hint ? hint.$natural === -1 : undefined;
}

function hintedIndex({ hint, collection }: PlanRequest): IndexInfo | undefined {
  if (hint === undefined || hint === null) return undefined;
  const wanted = JSON.stringify(hint);
  const index = [collection.idIndex, ...collection.indexes].find(
    ({ spec }) => spec.name === hint || JSON.stringify(spec.key) === wanted,
  );
  if (!index)
    throw badValue('error processing query: hint provided does not correspond to an existing index');
  return index;
}

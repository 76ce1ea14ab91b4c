import type { Doc } from '../bson.js';
import type { IndexInfo } from '../catalog.js';
import type { Plan } from '../plan/plan.js';
import type { Search } from './search.js';

/** What `explain()` answers, in MongoDB's shape: the winning plan, and what it looked at. */
export function explain(namespace: string, search: Search | undefined, returned: number): Doc {
  return {
    queryPlanner: { namespace, winningPlan: search?.plan ? stagesOf(search.plan) : { stage: 'EOF' } },
    executionStats: {
      executionSuccess: true,
      nReturned: returned,
      totalKeysExamined: search?.entries ?? 0,
      totalDocsExamined: search?.examined ?? 0,
    },
  };
}

function stagesOf(plan: Plan): Doc {
  const source = sourceOf(plan);
  return plan.sorted ? source : { stage: 'SORT', inputStage: source };
}

function sourceOf(plan: Plan): Doc {
  switch (plan.kind) {
    case 'collection':
      return { stage: 'COLLSCAN', direction: plan.reverse ? 'backward' : 'forward' };
    case 'index':
      return {
        stage: 'FETCH',
        filtered: !plan.exact,
        inputStage: {
          ...indexStage(plan.index),
          direction: plan.reverse ? 'backward' : 'forward',
          ranges: plan.ranges.length,
        },
      };
    case 'union':
      return { stage: 'OR', inputStages: plan.branches.map(sourceOf) };
  }
}

const indexStage = ({ spec, multikey }: IndexInfo): Doc => ({
  stage: 'IXSCAN',
  indexName: spec.name,
  keyPattern: spec.key,
  isMultiKey: multikey !== 0,
});

import { isDocument, setField, type Doc } from '../bson.js';
import { compareValues } from '../compare.js';
import { badValue, unsupported } from '../errors.js';
import { ACCUMULATORS, type Accumulator, type AccumulatorFactory } from './accumulators.js';
import { compileExpression } from './expression.js';
import type { Compile, Evaluator } from './evaluator.js';
import { groupKey, scopeOf, type PipelineContext, type Stage } from './stage.js';

interface Group {
  readonly id: unknown;
  readonly fields: readonly Accumulator[];
}

interface Output {
  readonly name: string;
  readonly start: AccumulatorFactory;
}

function compileOutputs(spec: Doc, context: PipelineContext): Output[] {
  const compile: Compile = (expression) => compileExpression(expression, context.expression);
  return Object.entries(spec).map(([name, value]) => {
    if (name.includes('.')) throw badValue(`The field name '${name}' cannot contain '.'`);
    const [entry, ...more] = isDocument(value) ? Object.entries(value) : [];
    if (!entry || more.length > 0) throw badValue(`The field '${name}' must be an accumulator object`);
    const compiler = ACCUMULATORS.get(entry[0]);
    if (!compiler) throw unsupported(`the group operator ${entry[0]}`);
    return { name, start: compiler(entry[1], compile, context.expression) };
  });
}

/** Groups hold their accumulators only, never the documents. */
class Groups {
  readonly #groups = new Map<string, Group>();

  constructor(
    private readonly outputs: readonly Output[],
    private readonly context: PipelineContext,
  ) {}

  add(id: unknown, doc: Doc): void {
    const key = groupKey(id);
    let group = this.#groups.get(key);
    if (!group) {
      group = { id, fields: this.outputs.map(({ start }) => start()) };
      this.#groups.set(key, group);
    }
    const scope = scopeOf(doc, this.context);
    for (const accumulator of group.fields) accumulator.add(scope);
  }

  documents(): Doc[] {
    return [...this.#groups.values()].map(({ id, fields }) => {
      const doc: Doc = { _id: id };
      fields.forEach((accumulator, i) => setField(doc, this.outputs[i]?.name ?? '', accumulator.result()));
      return doc;
    });
  }
}

export function compileGroup(operand: unknown, context: PipelineContext): () => Stage {
  if (!isDocument(operand) || !('_id' in operand))
    throw badValue('a group specification must include an _id');
  if (context.expression.collator) throw unsupported('$group under a collation');
  const { _id, ...fields } = operand;
  const id: Evaluator = compileExpression(_id, context.expression);
  const outputs = compileOutputs(fields, context);
  return () => {
    const groups = new Groups(outputs, context);
    return {
      take: (doc) => {
        groups.add(id(scopeOf(doc, context)) ?? null, doc);
        return true;
      },
      end: (emit) => void groups.documents().every(emit),
    };
  };
}

export function compileBucket(operand: unknown, context: PipelineContext): () => Stage {
  if (!isDocument(operand)) throw badValue('$bucket needs an object');
  const { groupBy, boundaries, output = { count: { $sum: 1 } } } = operand;
  if (!Array.isArray(boundaries) || boundaries.length < 2) {
    throw badValue("The $bucket 'boundaries' field must have at least 2 values");
  }
  const bounds = boundaries as unknown[];
  if (bounds.some((bound, i) => i > 0 && compareValues(bounds[i - 1], bound) >= 0)) {
    throw badValue("The 'boundaries' option to $bucket must be sorted");
  }
  if (!isDocument(output)) throw badValue("The $bucket 'output' field must be an object");
  const evaluate = compileExpression(groupBy, context.expression);
  const outputs = compileOutputs(output, context);
  const place = (value: unknown): unknown => {
    const above = bounds.findIndex((bound) => compareValues(value, bound) < 0);
    if (above > 0) return bounds[above - 1];
    if (!('default' in operand)) {
      throw badValue('$switch could not find a matching branch for an input, and no default was specified');
    }
    return operand.default;
  };
  return () => {
    const groups = new Groups(outputs, context);
    return {
      take: (doc) => {
        groups.add(place(evaluate(scopeOf(doc, context))), doc);
        return true;
      },
      end: (emit) => {
        const docs = groups.documents().sort((a, b) => compareValues(a._id, b._id));
        docs.every(emit);
      },
    };
  };
}

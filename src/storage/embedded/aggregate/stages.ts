import { isDocument, setField, type Doc } from '../bson.js';
import { badValue, unsupported } from '../errors.js';
import { isNumeric, toDouble } from '../numbers.js';
import { compileProjection } from '../projection.js';
import { compileFilter } from '../query/match.js';
import { parseFilter } from '../query/parse.js';
import { readSort } from '../read/options.js';
import { Sorter } from '../read/sorter.js';
import { compileAddFields } from './add-fields.js';
import { compileExpression } from './expression.js';
import { compileBucket, compileGroup } from './group.js';
import { scopeOf, type Emit, type PipelineContext, type Stage } from './stage.js';
import { compileUnwind } from './unwind.js';

/** Compiles one stage; the result starts it for each run. */
export function compileStage(name: string, operand: unknown, context: PipelineContext): () => Stage {
  switch (name) {
    case '$match': {
      const matches = compileFilter(parseFilter(operand), context.match);
      return () => each((doc, emit) => !matches(doc) || emit(doc));
    }
    case '$project': {
      const project = compileProjection(operand, '$project', undefined, now(context));
      return () => each((doc, emit) => emit(project ? project(doc) : doc));
    }
    case '$addFields':
    case '$set': {
      const add = compileAddFields(operand, context.expression);
      return () => each((doc, emit) => emit(add(doc, scopeOf(doc, context))));
    }
    case '$unset': {
      const paths = Array.isArray(operand) ? (operand as unknown[]) : [operand];
      const spec = Object.fromEntries(paths.map((path) => [fieldName('$unset', path), 0]));
      const project = compileProjection(spec, '$project');
      return () => each((doc, emit) => emit(project ? project(doc) : doc));
    }
    case '$replaceRoot':
    case '$replaceWith':
      return replaceRoot(name === '$replaceRoot' && isDocument(operand) ? operand.newRoot : operand, context);
    case '$unwind': {
      const unwind = compileUnwind(operand);
      const { meter } = context;
      return () =>
        each((doc, emit) =>
          unwind(doc, (part) => {
            meter.unwound++;
            return emit(part);
          }),
        );
    }
    case '$sort':
      return sorting(operand, 0, context);
    case '$limit':
      return limiting(positive('$limit', operand));
    case '$skip':
      return skipping(count('$skip', operand));
    case '$count':
      return counting(fieldName('$count', operand));
    case '$group':
      return compileGroup(operand, context);
    case '$bucket':
      return compileBucket(operand, context);
    case '$sortByCount':
      return sortByCount(operand, context);
    case '$sample':
      return sampling(operand);
    case '$facet':
      return facets(operand, context);
    default:
      throw /^\$[a-zA-Z]+$/.test(name)
        ? unsupported(`the aggregation stage ${name}`)
        : badValue(`Unrecognized pipeline stage name: '${name}'`);
  }
}

const now = ({ variables }: PipelineContext): Date => variables.NOW as Date;

/** A stage that holds nothing back. */
const each = (take: Stage['take']): Stage => ({ take, end: () => undefined });

function fieldName(name: string, value: unknown): string {
  if (
    typeof value !== 'string' ||
    value === '' ||
    value.startsWith('$') ||
    (name === '$count' && value.includes('.'))
  ) {
    throw badValue(`${name} needs the name of a field`);
  }
  return value;
}

export function count(name: string, value: unknown): number {
  const number = isNumeric(value) ? toDouble(value) : NaN;
  if (!Number.isInteger(number) || number < 0) throw badValue(`${name} needs a whole number, not negative`);
  return number;
}

export function positive(name: string, value: unknown): number {
  const number = count(name, value);
  if (number === 0) throw badValue('the limit must be positive');
  return number;
}

function replaceRoot(expression: unknown, context: PipelineContext): () => Stage {
  const evaluate = compileExpression(expression, context.expression);
  return () =>
    each((doc, emit) => {
      const root = evaluate(scopeOf(doc, context));
      if (!isDocument(root)) throw badValue("'newRoot' expression must evaluate to an object");
      return emit(root);
    });
}

/** @param keep how many of the first are wanted; 0: all */
export function sorting(operand: unknown, keep: number, { match }: PipelineContext): () => Stage {
  if (!isDocument(operand) || Object.keys(operand).length === 0) {
    throw badValue('$sort stage must have at least one sort key');
  }
  const sort = readSort(operand);
  return () => {
    const sorter = new Sorter<Doc>(sort, keep, match.collator);
    return {
      take: (doc) => {
        sorter.add(doc, doc, 256);
        return true;
      },
      end: (emit) => void sorter.sorted().every(emit),
    };
  };
}

function limiting(limit: number): () => Stage {
  return () => {
    let left = limit;
    return each((doc, emit) => left > 0 && emit(doc) && --left > 0);
  };
}

function skipping(skip: number): () => Stage {
  return () => {
    let left = skip;
    return each((doc, emit) => (left > 0 ? left-- > 0 : emit(doc)));
  };
}

function counting(name: string): () => Stage {
  return () => {
    let n = 0;
    return {
      take: () => ++n > 0,
      end: (emit) => {
        if (n > 0) emit({ [name]: n });
      },
    };
  };
}

function sortByCount(operand: unknown, context: PipelineContext): () => Stage {
  const group = compileGroup({ _id: operand, count: { $sum: 1 } }, context);
  const sort = sorting({ count: -1 }, 0, context);
  return () => chain([group(), sort()]);
}

/** Every document with the same chance, each at most once (reservoir sampling). */
function sampling(operand: unknown): () => Stage {
  const size = count('$sample', isDocument(operand) ? operand.size : undefined);
  return () => {
    const chosen: Doc[] = [];
    let seen = 0;
    return {
      take: (doc) => {
        seen++;
        const place = chosen.length < size ? chosen.length : Math.floor(Math.random() * seen);
        if (place < size) chosen[place] = doc;
        return true;
      },
      end: (emit) => void chosen.every(emit),
    };
  };
}

function facets(operand: unknown, context: PipelineContext): () => Stage {
  if (!isDocument(operand) || Object.keys(operand).length === 0)
    throw badValue('$facet needs at least one pipeline');
  const pipelines = Object.entries(operand).map(([name, pipeline]) => {
    const names = Array.isArray(pipeline)
      ? (pipeline as unknown[]).flatMap((s) => (isDocument(s) ? Object.keys(s) : []))
      : [];
    if (names.includes('$facet')) throw badValue('$facet is not allowed to be used within a $facet stage');
    return { name, start: compilePipeline(pipeline, context) };
  });
  return () => {
    const runs = pipelines.map(({ name, start }) => ({ name, stage: start(), out: [] as Doc[], open: true }));
    const into =
      (out: Doc[]): Emit =>
      (doc) =>
        out.push(doc) > 0;
    return {
      take: (doc) => {
        for (const run of runs) if (run.open) run.open = run.stage.take(doc, into(run.out));
        return true;
      },
      end: (emit) => {
        const result: Doc = {};
        for (const { name, stage, out } of runs) {
          stage.end(into(out));
          setField(result, name, out);
        }
        emit(result);
      },
    };
  };
}

/** Several stages as one. */
function chain(stages: readonly Stage[]): Stage {
  const run = (at: number, doc: Doc, emit: Emit): boolean => {
    const stage = stages[at];
    return stage ? stage.take(doc, (next) => run(at + 1, next, emit)) : emit(doc);
  };
  return {
    take: (doc, emit) => run(0, doc, emit),
    end: (emit) => {
      stages.forEach((stage, at) => stage.end((next) => run(at + 1, next, emit)));
    },
  };
}

/** @throws MongoServerError for what is no pipeline, and for stages this engine does not have */
export function compilePipeline(pipeline: unknown, context: PipelineContext): () => Stage {
  if (!Array.isArray(pipeline)) throw badValue('a pipeline must be an array');
  const stages = (pipeline as unknown[]).map(stageOf);
  const starts = stages.map(([name, operand], i) => {
    const [next, limit] = stages[i + 1] ?? [];
    // Only what the limit lets through need be kept in order.
    if (name === '$sort' && next === '$limit') return sorting(operand, positive('$limit', limit), context);
    return compileStage(name, operand, context);
  });
  return () => chain(starts.map((start) => start()));
}

export function stageOf(stage: unknown): [name: string, operand: unknown] {
  const [entry, ...more] = isDocument(stage) ? Object.entries(stage) : [];
  if (!entry || more.length > 0) {
    throw badValue('A pipeline stage specification object must contain exactly one field.');
  }
  return entry;
}

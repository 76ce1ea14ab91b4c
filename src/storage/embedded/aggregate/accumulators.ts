import { isDocument, type Doc } from '../bson.js';
import { badValue } from '../errors.js';
import { isNumeric, numberType, toDouble, type NumericValue } from '../numbers.js';
import { unsupported } from '../errors.js';
import { readSort } from '../read/options.js';
import { Sorter } from '../read/sorter.js';
import {
  compareIn,
  isNullish,
  readFields,
  type Compile,
  type ExpressionContext,
  type Scope,
} from './evaluator.js';
import { addNumbers } from './operators/arithmetic.js';
import { mergeObjects } from './operators/objects.js';
import { ValueSet } from './operators/sets.js';

/** Takes the documents of one group, one by one. */
export interface Accumulator {
  add(scope: Scope): void;
  result(): unknown;
}

/** Compiled once, started once per group. */
export type AccumulatorFactory = () => Accumulator;

type AccumulatorCompiler = (
  operand: unknown,
  compile: Compile,
  context: ExpressionContext,
) => AccumulatorFactory;

/** An accumulator of the values of one expression. */
const ofValues =
  (
    start: (context: ExpressionContext) => { add(value: unknown): void; result(): unknown },
  ): AccumulatorCompiler =>
  (operand, compile, context) => {
    const evaluate = compile(operand);
    return () => {
      const state = start(context);
      return { add: (scope) => state.add(evaluate(scope)), result: () => state.result() };
    };
  };

export function sumOf(): { add(value: unknown): void; result(): NumericValue } {
  let sum: NumericValue = 0;
  return {
    add: (value) => {
      if (isNumeric(value)) sum = addNumbers(sum, value);
    },
    result: () => sum,
  };
}

export function averageOf(): { add(value: unknown): void; result(): number | null } {
  let sum = 0;
  let count = 0;
  return {
    add: (value) => {
      if (!isNumeric(value)) return;
      if (numberType(value) === 'decimal') throw unsupported('$avg of Decimal128');
      sum += toDouble(value);
      count++;
    },
    result: () => (count === 0 ? null : sum / count),
  };
}

/** @param sign −1 for the least, 1 for the greatest; null and missing do not count */
export function extremeOf(
  sign: -1 | 1,
  context: ExpressionContext,
): { add(value: unknown): void; result(): unknown } {
  let best: unknown;
  return {
    add: (value) => {
      if (isNullish(value)) return;
      if (best === undefined || compareIn(value, best, context) * sign > 0) best = value;
    },
    result: () => best ?? null,
  };
}

/** Welford's method. @param sample divides by n − 1 */
export function deviationOf(sample: boolean): { add(value: unknown): void; result(): number | null } {
  let [count, mean, squares] = [0, 0, 0];
  return {
    add: (value) => {
      if (!isNumeric(value)) return;
      const number = toDouble(value);
      count++;
      const delta = number - mean;
      mean += delta / count;
      squares += delta * (number - mean);
    },
    result: () => {
      const divisor = sample ? count - 1 : count;
      return divisor <= 0 ? null : Math.sqrt(squares / divisor);
    },
  };
}

const first = ofValues(() => {
  let taken = false;
  let kept: unknown;
  return {
    add: (value) => {
      if (!taken) kept = value;
      taken = true;
    },
    result: () => kept ?? null,
  };
});

const last = ofValues(() => {
  let kept: unknown;
  return { add: (value) => (kept = value), result: () => kept ?? null };
});

const push = ofValues(() => {
  const items: unknown[] = [];
  return {
    add: (value) => {
      if (value !== undefined) items.push(value);
    },
    result: () => items,
  };
});

const addToSet = ofValues(() => {
  const set = new ValueSet();
  return {
    add: (value) => {
      if (value !== undefined) set.add(value);
    },
    result: () => set.values(),
  };
});

const merged = ofValues(() => {
  let result: Doc = {};
  return { add: (value) => (result = mergeObjects([result, value])), result: () => result };
});

const count: AccumulatorCompiler = (operand) => {
  if (!isDocument(operand) || Object.keys(operand).length > 0)
    throw badValue('$count takes no arguments, i.e. {}');
  return () => {
    let n = 0;
    return { add: () => n++, result: () => n };
  };
};

/** `$firstN`, `$lastN`, `$minN`, `$maxN`. */
const several =
  (
    name: string,
    choose: (items: unknown[], n: number, context: ExpressionContext) => unknown[],
  ): AccumulatorCompiler =>
  (operand, compile, context) => {
    const fields = readFields(name, operand, ['input', 'n'], []);
    const n = positive(name, fields.n);
    const evaluate = compile(fields.input);
    return () => {
      let items: unknown[] = [];
      return {
        add: (scope) => {
          items.push(evaluate(scope) ?? null);
          if (items.length > 2 * n + 100) items = choose(items, n, context);
        },
        result: () => choose(items, n, context),
      };
    };
  };

/** `$top`, `$bottom` and their N: by an order of their own. */
const ordered =
  (name: string, fromEnd: boolean, single: boolean): AccumulatorCompiler =>
  (operand, compile, context) => {
    const fields = readFields(name, operand, single ? ['sortBy', 'output'] : ['sortBy', 'output', 'n'], []);
    const n = single ? 1 : positive(name, fields.n);
    const sort = readSort(fields.sortBy);
    const output = compile(fields.output);
    return () => {
      const sorter = new Sorter<unknown>(sort, fromEnd ? 0 : n, context.collator);
      return {
        add: (scope) => sorter.add(isDocument(scope.root) ? scope.root : {}, output(scope) ?? null, 64),
        result: () => {
          const sorted = sorter.sorted();
          const chosen = fromEnd ? sorted.slice(-n) : sorted;
          return single ? (chosen[0] ?? null) : chosen;
        },
      };
    };
  };

function positive(name: string, value: unknown): number {
  const n = isNumeric(value) ? toDouble(value) : NaN;
  if (!Number.isInteger(n) || n < 1) throw badValue(`${name} needs a positive whole number 'n'`);
  return n;
}

const withoutNull = (items: unknown[]): unknown[] => items.filter((item) => !isNullish(item));

export const ACCUMULATORS: ReadonlyMap<string, AccumulatorCompiler> = new Map<string, AccumulatorCompiler>([
  ['$sum', ofValues(sumOf)],
  ['$avg', ofValues(averageOf)],
  ['$min', ofValues((context) => extremeOf(-1, context))],
  ['$max', ofValues((context) => extremeOf(1, context))],
  ['$stdDevPop', ofValues(() => deviationOf(false))],
  ['$stdDevSamp', ofValues(() => deviationOf(true))],
  ['$first', first],
  ['$last', last],
  ['$push', push],
  ['$addToSet', addToSet],
  ['$mergeObjects', merged],
  ['$count', count],
  ['$firstN', several('$firstN', (items, n) => items.slice(0, n))],
  ['$lastN', several('$lastN', (items, n) => items.slice(-n))],
  [
    '$minN',
    several('$minN', (items, n, context) =>
      withoutNull(items)
        .sort((a, b) => compareIn(a, b, context))
        .slice(0, n),
    ),
  ],
  [
    '$maxN',
    several('$maxN', (items, n, context) =>
      withoutNull(items)
        .sort((a, b) => compareIn(b, a, context))
        .slice(0, n),
    ),
  ],
  ['$top', ordered('$top', false, true)],
  ['$topN', ordered('$topN', false, false)],
  ['$bottom', ordered('$bottom', true, true)],
  ['$bottomN', ordered('$bottomN', true, false)],
]);

import { averageOf, deviationOf, extremeOf, sumOf } from '../accumulators.js';
import type { ExpressionContext, Operator } from '../evaluator.js';
import { firstOf, lastOf } from './arrays.js';

/** `$sum: [a, b]` sums its operands; a lone operand that is an array is summed itself. */
const summary =
  (start: (context: ExpressionContext) => { add(value: unknown): void; result(): unknown }): Operator =>
  (operand, compile, context) => {
    const list = Array.isArray(operand) ? (operand as unknown[]) : [operand];
    const parts = list.map((part) => compile(part));
    return (scope) => {
      const values = parts.map((evaluate) => evaluate(scope));
      const [only] = values;
      const state = start(context);
      for (const value of values.length === 1 && Array.isArray(only) ? (only as unknown[]) : values)
        state.add(value);
      return state.result();
    };
  };

export const SUMMARIES: Readonly<Record<string, Operator>> = {
  $sum: summary(sumOf),
  $avg: summary(averageOf),
  $min: summary((context) => extremeOf(-1, context)),
  $max: summary((context) => extremeOf(1, context)),
  $stdDevPop: summary(() => deviationOf(false)),
  $stdDevSamp: summary(() => deviationOf(true)),
  $first: firstOf,
  $last: lastOf,
};

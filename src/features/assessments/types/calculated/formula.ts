import type * as ExprEval from 'expr-eval-fork';
import { lazyPackage } from '../../../../shared/lazy-package.js';

/** A formula of the author's, worked out for the numbers that an attempt was given. */

const LONGEST_FORMULA = 500;

const exprEval = lazyPackage<typeof ExprEval>('expr-eval-fork');
let parser: ExprEval.Parser | undefined;

/** Returns the value, null if the formula cannot be read, names something unknown or gives no finite number. */
export function evaluate(formula: string, values: Readonly<Record<string, number>>): number | null {
  if (formula.length > LONGEST_FORMULA) return null;
  try {
    // As people write it: a decimal comma between digits, · and × as signs of multiplication.
    const plain = formula
      .replace(/(\d),(\d)/gu, '$1.$2')
      .replace(/[·×]/gu, '*')
      .replace(/−/gu, '-');
    parser ??= new (exprEval().Parser)({ operators: { assignment: false, fndef: false } });
    const value: unknown = parser.evaluate(plain, { ...values });
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  } catch {
    return null;
  }
}

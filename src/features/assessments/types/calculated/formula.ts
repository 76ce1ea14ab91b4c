import { Parser } from 'expr-eval-fork';

/** A formula of the author's, worked out for the numbers that an attempt was given. */

const LONGEST_FORMULA = 500;

const parser = new Parser({ operators: { assignment: false, fndef: false } });

/** Returns the value, null if the formula cannot be read, names something unknown or gives no finite number. */
export function evaluate(formula: string, values: Readonly<Record<string, number>>): number | null {
  if (formula.length > LONGEST_FORMULA) return null;
  try {
    // As people write it: a decimal comma between digits, · and × as signs of multiplication.
    const plain = formula
      .replace(/(\d),(\d)/gu, '$1.$2')
      .replace(/[·×]/gu, '*')
      .replace(/−/gu, '-');
    const value: unknown = parser.evaluate(plain, { ...values });
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  } catch {
    return null;
  }
}

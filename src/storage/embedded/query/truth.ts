import { isNumeric, toDouble } from '../numbers.js';

/** MongoDB's truth: everything but false, 0, null and missing. An empty string is true. */
export function isTrue(value: unknown): boolean {
  if (isNumeric(value)) return toDouble(value) !== 0;
  return value !== undefined && value !== null && value !== false;
}

import { Double, Int32 } from '../../bson.js';
import { badValue, ErrorCode, serverError, unsupported } from '../../errors.js';
import {
  arithmetic,
  IntegerOverflow,
  isNumeric,
  numberType,
  promote,
  toDouble,
  toExact,
  type NumericValue,
} from '../../numbers.js';
import { onPresentValues, wrongType, type Operator } from '../evaluator.js';

export function addNumbers(a: NumericValue, b: NumericValue): NumericValue {
  return typeof a === 'number' && typeof b === 'number' ? a + b : exactly('add', a, b);
}

function multiplyNumbers(a: NumericValue, b: NumericValue): NumericValue {
  return typeof a === 'number' && typeof b === 'number' ? a * b : exactly('multiply', a, b);
}

function exactly(op: 'add' | 'multiply', a: NumericValue, b: NumericValue): NumericValue {
  try {
    const result = arithmetic(op, a, b);
    // In an update's pipeline numbers keep their types; elsewhere they are plain.
    return isTyped(a) || isTyped(b) ? result : promote(result);
  } catch (error) {
    if (!(error instanceof IntegerOverflow)) throw error;
    // An expression, other than an update, goes over to doubles.
    return op === 'add' ? toDouble(a) + toDouble(b) : toDouble(a) * toDouble(b);
  }
}

const isTyped = (value: NumericValue): boolean => value instanceof Int32 || value instanceof Double;

function numberOf(name: string, value: unknown): NumericValue {
  if (!isNumeric(value)) throw wrongType(name, 'numbers');
  return value;
}

/** For operators that are exact only in doubles. */
function doubleOf(name: string, value: unknown): number {
  const number = numberOf(name, value);
  if (numberType(number) === 'decimal') throw unsupported(`${name} of a Decimal128`);
  return toDouble(number);
}

const $add = onPresentValues('$add', 0, Infinity, (values) => {
  let date = false;
  let sum: NumericValue = 0;
  for (const value of values) {
    if (value instanceof Date) {
      if (date) throw badValue('only one date allowed in an $add expression');
      date = true;
      sum = addNumbers(sum, value.getTime());
    } else {
      sum = addNumbers(sum, numberOf('$add', value));
    }
  }
  return date ? new Date(Math.round(toDouble(sum))) : sum;
});

const $subtract = onPresentValues('$subtract', 2, 2, ([a, b]) => {
  if (a instanceof Date) {
    if (b instanceof Date) return a.getTime() - b.getTime();
    return new Date(a.getTime() - Math.round(toDouble(numberOf('$subtract', b))));
  }
  if (b instanceof Date) throw wrongType('$subtract', 'a date or a number to subtract from');
  const right = numberOf('$subtract', b);
  return addNumbers(numberOf('$subtract', a), multiplyNumbers(right, -1));
});

const $divide = onPresentValues('$divide', 2, 2, ([a, b]) => {
  const [dividend, divisor] = [doubleOf('$divide', a), doubleOf('$divide', b)];
  if (divisor === 0) throw badValue("can't $divide by zero");
  return dividend / divisor;
});

const $mod = onPresentValues('$mod', 2, 2, ([a, b]) => {
  const [dividend, divisor] = [doubleOf('$mod', a), doubleOf('$mod', b)];
  if (divisor === 0) throw badValue("can't $mod by zero");
  return dividend % divisor;
});

/** A function of one number; `domain` says what it accepts. */
const onNumber = (
  name: string,
  apply: (value: number) => number,
  domain?: (value: number) => boolean,
): Operator =>
  onPresentValues(name, 1, 1, ([operand]) => {
    const value = doubleOf(name, operand);
    if (domain && !Number.isNaN(value) && !domain(value)) {
      throw serverError(ErrorCode.BadValue, `${name}'s argument is out of range, but is ${value}`);
    }
    return apply(value);
  });

/** Rounds the exact binary value, as MongoDB does: 2.675 is a little less, and becomes 2.67. */
const toPlace = (name: string, whole: (digits: bigint, divisor: bigint) => bigint): Operator =>
  onPresentValues(name, 1, 2, ([operand, placeOperand = 0]) => {
    const value = doubleOf(name, operand);
    const place = toDouble(numberOf(name, placeOperand));
    if (!Number.isInteger(place) || place < -20 || place > 100) {
      throw badValue(`cannot apply ${name} with precision value ${place} value must be in [-20, 100]`);
    }
    const exact = toExact(value);
    if (!exact || exact.exponent + place >= 0) return value;
    const quotient = whole(exact.digits, 10n ** BigInt(-(exact.exponent + place)));
    return Number(`${quotient}e${-place}`);
  });

function halfToEven(digits: bigint, divisor: bigint): bigint {
  const quotient = digits / divisor;
  const rest = (digits % divisor) * 2n;
  const size = rest < 0n ? -rest : rest;
  const away = size > divisor || (size === divisor && quotient % 2n !== 0n);
  return away ? quotient + (digits < 0n ? -1n : 1n) : quotient;
}

export const ARITHMETIC: Readonly<Record<string, Operator>> = {
  $add,
  $subtract,
  $divide,
  $mod,
  $multiply: onPresentValues('$multiply', 0, Infinity, (values) =>
    values.reduce<NumericValue>(
      (product, value) => multiplyNumbers(product, numberOf('$multiply', value)),
      1,
    ),
  ),
  $abs: onNumber('$abs', Math.abs),
  $ceil: onNumber('$ceil', Math.ceil),
  $floor: onNumber('$floor', Math.floor),
  $sqrt: onNumber('$sqrt', Math.sqrt, (value) => value >= 0),
  $exp: onNumber('$exp', Math.exp),
  $ln: onNumber('$ln', Math.log, (value) => value > 0),
  $log10: onNumber('$log10', Math.log10, (value) => value > 0),
  $pow: onPresentValues('$pow', 2, 2, ([a, b]) => {
    const [base, exponent] = [doubleOf('$pow', a), doubleOf('$pow', b)];
    if (base === 0 && exponent < 0) throw badValue('$pow cannot take a base of 0 and a negative exponent');
    return base ** exponent;
  }),
  $round: toPlace('$round', halfToEven),
  $trunc: toPlace('$trunc', (digits, divisor) => digits / divisor),
};

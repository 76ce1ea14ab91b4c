import { bsonTypeOf, Decimal128, Double, Int32, Long } from './bson.js';

/** Every form a number takes in a decoded document or in a caller's query. */
export type NumericValue = number | bigint | NumericObject;
type NumericObject = InstanceType<typeof Int32> | InstanceType<typeof Double> | Long | Decimal128;

export type NumberType = 'int' | 'long' | 'double' | 'decimal';

/** A finite number as digits · 10^exponent. */
export interface ExactDecimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const INT32_MAX = 2_147_483_647;
const INT32_MIN = -2_147_483_648;
const INT64_MAX = 9_223_372_036_854_775_807n;
const INT64_MIN = -9_223_372_036_854_775_808n;

export function isNumeric(value: unknown): value is NumericValue {
  if (typeof value === 'number' || typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  const type = bsonTypeOf(value);
  return type === 'Int32' || type === 'Double' || type === 'Long' || type === 'Decimal128';
}

/** The BSON type a number has, or would get when stored. */
export function numberType(value: NumericValue): NumberType {
  if (typeof value === 'number') {
    const int = Number.isInteger(value) && value >= INT32_MIN && value <= INT32_MAX && !Object.is(value, -0);
    return int ? 'int' : 'double';
  }
  if (typeof value === 'bigint') return 'long';
  switch (bsonTypeOf(value)) {
    case 'Int32':
      return 'int';
    case 'Double':
      return 'double';
    case 'Long':
      return 'long';
    default:
      return 'decimal';
  }
}

/** The nearest double. Monotone: a smaller number never gives a larger double. */
export function toDouble(value: NumericValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  switch (bsonTypeOf(value)) {
    case 'Int32':
    case 'Double':
      return (value as { value: number }).value;
    case 'Long':
      return Number((value as Long).toBigInt());
    default:
      return decimalToDouble(value as Decimal128);
  }
}

function decimalToDouble(value: Decimal128): number {
  const text = value.toString();
  if (text === 'Infinity') return Infinity;
  if (text === '-Infinity') return -Infinity;
  return text === 'NaN' ? NaN : Number(text);
}

const isExactAsDouble = (value: NumericValue): boolean =>
  typeof value === 'number' ||
  (typeof value === 'object' && (bsonTypeOf(value) === 'Int32' || bsonTypeOf(value) === 'Double'));

/** MongoDB's order of numbers of all types, by value; NaN is below all and equal to itself. */
export function compareNumbers(a: NumericValue, b: NumericValue): number {
  const x = toDouble(a);
  const y = toDouble(b);
  if (x < y) return -1;
  if (x > y) return 1;
  if (x !== y) {
    const nanX = Number.isNaN(x);
    return nanX === Number.isNaN(y) ? 0 : nanX ? -1 : 1;
  }
  // Equal doubles may stand for different Longs or Decimals.
  if (isExactAsDouble(a) && isExactAsDouble(b)) return 0;
  return compareResiduals(residual(a), residual(b));
}

/**
 * What the nearest double leaves out: value − double. Zero for every int and double. For a finite Decimal
 * beyond the doubles, whose nearest double is infinite, the value itself, marked `beyond`.
 */
export interface Residual extends ExactDecimal {
  readonly beyond: boolean;
}

const NOTHING: Residual = { digits: 0n, exponent: 0, beyond: false };

export function residual(value: NumericValue): Residual {
  if (isExactAsDouble(value)) return NOTHING;
  const double = toDouble(value);
  const exact = toExact(value);
  if (exact === undefined) return NOTHING;
  if (!Number.isFinite(double)) return { ...exact, beyond: true };
  const difference = subtractExact(exact, doubleToExact(double));
  return { ...difference, beyond: false };
}

function compareResiduals(a: Residual, b: Residual): number {
  if (a.beyond !== b.beyond) {
    // Only ±Infinity shares its double with a value beyond the doubles.
    const outer = a.beyond ? a : b;
    const sign = outer.digits > 0n ? -1 : 1;
    return a.beyond ? sign : -sign;
  }
  const difference = subtractExact(a, b).digits;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Undefined for NaN and the infinities. */
export function toExact(value: NumericValue): ExactDecimal | undefined {
  if (typeof value === 'bigint') return { digits: value, exponent: 0 };
  if (typeof value === 'object') {
    if (bsonTypeOf(value) === 'Long') return { digits: (value as Long).toBigInt(), exponent: 0 };
    if (bsonTypeOf(value) === 'Decimal128') return parseDecimal((value as Decimal128).toString());
  }
  const double = toDouble(value);
  return Number.isFinite(double) ? doubleToExact(double) : undefined;
}

function parseDecimal(text: string): ExactDecimal | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] = match;
  return { digits: BigInt(sign + whole + fraction), exponent: Number(exponent) - fraction.length };
}

/** A double's exact value: m · 2^e = m · 5^−e · 10^e for a negative e. */
function doubleToExact(value: number): ExactDecimal {
  if (Number.isSafeInteger(value)) return { digits: BigInt(value), exponent: 0 };
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  const power = (biased === 0 ? 1 : biased) - 1075;
  const signed = value < 0 ? -mantissa : mantissa;
  return power >= 0
    ? { digits: signed << BigInt(power), exponent: 0 }
    : { digits: signed * 5n ** BigInt(-power), exponent: power };
}

function align(a: ExactDecimal, b: ExactDecimal): [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent);
  return [
    a.digits * 10n ** BigInt(a.exponent - exponent),
    b.digits * 10n ** BigInt(b.exponent - exponent),
    exponent,
  ];
}

function subtractExact(a: ExactDecimal, b: ExactDecimal): ExactDecimal {
  const [x, y, exponent] = align(a, b);
  return { digits: x - y, exponent };
}

/** Thrown when a result does not fit into 64 bits, as MongoDB refuses it. */
export class IntegerOverflow extends Error {
  override readonly name = 'IntegerOverflow';
}

const RANK: Record<NumberType, number> = { int: 0, long: 1, double: 2, decimal: 3 };

/**
 * Adds or multiplies with MongoDB's result types: the wider of the two, an int that overflows becomes long.
 * @throws IntegerOverflow beyond 64 bits
 */
export function arithmetic(op: 'add' | 'multiply', a: NumericValue, b: NumericValue): NumericObject {
  const left = numberType(a);
  const right = numberType(b);
  const type = RANK[left] > RANK[right] ? left : right;
  switch (type) {
    case 'decimal':
      return decimalArithmetic(op, a, b);
    case 'double': {
      const [x, y] = [toDouble(a), toDouble(b)];
      return new Double(op === 'add' ? x + y : x * y);
    }
    default: {
      const [x, y] = [toBigInt(a), toBigInt(b)];
      const result = op === 'add' ? x + y : x * y;
      if (result > INT64_MAX || result < INT64_MIN) throw new IntegerOverflow('64-bit integer overflow');
      const fitsInt = result <= BigInt(INT32_MAX) && result >= BigInt(INT32_MIN);
      return type === 'int' && fitsInt ? new Int32(Number(result)) : Long.fromBigInt(result);
    }
  }
}

/** Of an int or long. */
export function toBigInt(value: NumericValue): bigint {
  if (typeof value === 'bigint') return value;
  return typeof value === 'object' && bsonTypeOf(value) === 'Long'
    ? (value as Long).toBigInt()
    : BigInt(toDouble(value));
}

function decimalArithmetic(op: 'add' | 'multiply', a: NumericValue, b: NumericValue): Decimal128 {
  const [x, y] = [toExact(a), toExact(b)];
  if (x === undefined || y === undefined) {
    const [p, q] = [toDouble(a), toDouble(b)];
    return Decimal128.fromString(String(op === 'add' ? p + q : p * q));
  }
  if (op === 'multiply') return toDecimal(x.digits * y.digits, x.exponent + y.exponent);
  const [p, q, exponent] = align(x, y);
  return toDecimal(p + q, exponent);
}

const toDecimal = (digits: bigint, exponent: number): Decimal128 =>
  Decimal128.fromStringWithRounding(`${digits}E${exponent}`);

/** A number as a caller receives it: plain where a double holds it exactly, else Long or Decimal128. */
export function promote(value: NumericValue): number | Long | Decimal128 {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return promote(Long.fromBigInt(value));
  switch (bsonTypeOf(value)) {
    case 'Decimal128':
      return value as Decimal128;
    case 'Long': {
      const double = toDouble(value);
      return Number.isSafeInteger(double) ? double : (value as Long);
    }
    default:
      return toDouble(value);
  }
}

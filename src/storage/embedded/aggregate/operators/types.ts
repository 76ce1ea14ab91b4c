import { Decimal128, Long, ObjectId } from '../../bson.js';
import { badValue, unsupported } from '../../errors.js';
import { isNumeric, numberType, toDouble } from '../../numbers.js';
import { isTrue } from '../../query/truth.js';
import { typeName } from '../../query/types.js';
import { onPresentValues, onValues, type Operator } from '../evaluator.js';

const cannotConvert = (value: unknown, to: string): Error =>
  badValue(`Unsupported conversion from ${typeName(value)} to ${to} in $convert`);

/** @throws MongoServerError for arrays, objects and other types that have no text */
export function convertToString(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (isNumeric(value)) return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (value instanceof ObjectId) return value.toHexString();
  throw cannotConvert(value, 'string');
}

function convertToDouble(value: unknown): number {
  if (isNumeric(value)) return toDouble(value);
  if (typeof value === 'boolean') return Number(value);
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'string' && /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value)) return Number(value);
  if (typeof value === 'string') throw badValue(`Failed to parse number '${value}' in $convert`);
  throw cannotConvert(value, 'double');
}

const toInteger = (name: string, to: string, limit: number): Operator =>
  onPresentValues(name, 1, 1, ([value]) => {
    if (typeof value === 'string' && !/^[-+]?\d+$/.test(value)) {
      throw badValue(`Failed to parse number '${value}' in $convert`);
    }
    if (value instanceof Date && to === 'int') throw cannotConvert(value, to);
    const number = Math.trunc(convertToDouble(value));
    if (Math.abs(number) > limit) throw badValue(`Conversion would overflow target type in $convert`);
    return value instanceof Long ? value : number;
  });

const $toDate = onPresentValues('$toDate', 1, 1, ([value]) => {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  // MongoDB takes long, double and decimal for milliseconds, but no int.
  if (isNumeric(value) && numberType(value) === 'int') throw cannotConvert(value, 'date');
  const date =
    typeof value === 'string'
      ? new Date(isoWithZone(value))
      : isNumeric(value)
        ? new Date(toDouble(value))
        : undefined;
  if (!date) throw cannotConvert(value, 'date');
  if (Number.isNaN(date.getTime())) throw badValue(`Error parsing date string '${String(value)}'`);
  return date;
});

/** JavaScript reads a date-time without a zone as local time; MongoDB as UTC. */
const isoWithZone = (text: string): string =>
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text) ? `${text.replace(' ', 'T')}Z` : text;

const $toObjectId = onPresentValues('$toObjectId', 1, 1, ([value]) => {
  if (value instanceof ObjectId) return value;
  if (typeof value !== 'string' || !/^[0-9a-f]{24}$/i.test(value)) {
    throw badValue(`Failed to parse objectId '${String(value)}' in $convert`);
  }
  return new ObjectId(value);
});

export const TYPES: Readonly<Record<string, Operator>> = {
  $toString: onPresentValues('$toString', 1, 1, ([value]) => convertToString(value)),
  $toDouble: onPresentValues('$toDouble', 1, 1, ([value]) => convertToDouble(value)),
  $toInt: toInteger('$toInt', 'int', 2 ** 31),
  $toLong: toInteger('$toLong', 'long', Number.MAX_SAFE_INTEGER),
  $toDecimal: onPresentValues('$toDecimal', 1, 1, ([value]) =>
    value instanceof Decimal128
      ? value
      : Decimal128.fromString(convertToString(isNumeric(value) ? value : convertToDouble(value))),
  ),
  $toBool: onPresentValues('$toBool', 1, 1, ([value]) => isTrue(value)),
  $toDate,
  $toObjectId,
  $isNumber: onValues('$isNumber', 1, 1, ([value]) => isNumeric(value)),
  $type: onValues('$type', 1, 1, ([value]) => {
    // Decoded numbers no longer tell int from double.
    if (typeof value === 'number') throw unsupported('$type of a number in an expression');
    return typeName(value);
  }),
};

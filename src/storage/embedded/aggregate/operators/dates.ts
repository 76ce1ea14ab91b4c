import { ObjectId, Timestamp } from '../../bson.js';
import { badValue, unsupported } from '../../errors.js';
import { isNumeric, toDouble } from '../../numbers.js';
import { isDocument } from '../../bson.js';
import { isNullish, onFields, readFields, wrongType, type Evaluator, type Operator } from '../evaluator.js';
import { localTime, momentOf, offsetAt, wallClock } from '../time-zone.js';
import {
  addUnits,
  differenceIn,
  isoWeek,
  isoWeekYear,
  truncate,
  weekOfYear,
  dayOfYear,
  readUnit,
} from '../calendar.js';

function momentOfValue(name: string, value: unknown): number {
  if (value instanceof Date) return value.getTime();
  if (value instanceof ObjectId) return value.getTimestamp().getTime();
  if (value instanceof Timestamp) return value.t * 1000;
  throw wrongType(name, 'a date');
}

function zoneOf(name: string, value: unknown): string {
  if (value === undefined) return 'UTC';
  if (typeof value !== 'string') throw wrongType(name, 'a time zone as a string');
  return value;
}

/** `$year: '$when'` and `$year: { date: '$when', timezone: 'Europe/Moscow' }`. */
const partOf =
  (name: string, part: (wall: Date) => number): Operator =>
  (operand, compile) => {
    const lone = Array.isArray(operand) && operand.length === 1 ? (operand as unknown[])[0] : operand;
    const named = isDocument(lone) && 'date' in lone;
    const fields = named ? readFields(name, lone, ['date'], ['timezone']) : { date: lone };
    const date = compile(fields.date);
    const zone: Evaluator = 'timezone' in fields ? compile(fields.timezone) : () => 'UTC';
    return (scope) => {
      const [value, where] = [date(scope), zone(scope)];
      if (isNullish(value) || isNullish(where)) return null;
      return part(wallClock(momentOfValue(name, value), zoneOf(name, where)));
    };
  };

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const pad = (value: number, width: number): string => String(value).padStart(width, '0');

function format(moment: number, pattern: string, zone: string): string {
  const wall = wallClock(moment, zone);
  const offset = offsetAt(moment, zone) / 60_000;
  const month = MONTHS[wall.getUTCMonth()] ?? '';
  const parts: Readonly<Record<string, string>> = {
    Y: pad(wall.getUTCFullYear(), 4),
    m: pad(wall.getUTCMonth() + 1, 2),
    d: pad(wall.getUTCDate(), 2),
    H: pad(wall.getUTCHours(), 2),
    M: pad(wall.getUTCMinutes(), 2),
    S: pad(wall.getUTCSeconds(), 2),
    L: pad(wall.getUTCMilliseconds(), 3),
    j: pad(dayOfYear(wall), 3),
    w: String(wall.getUTCDay() + 1),
    u: String(wall.getUTCDay() || 7),
    U: pad(weekOfYear(wall), 2),
    V: pad(isoWeek(wall), 2),
    G: pad(isoWeekYear(wall), 4),
    b: month.slice(0, 3),
    B: month,
    z: `${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60), 2)}${pad(Math.abs(offset) % 60, 2)}`,
    Z: String(offset),
    '%': '%',
  };
  return pattern.replace(/%(.?)/gs, (_, letter: string) => {
    const part = parts[letter];
    if (part === undefined) throw badValue(`Invalid format character '%${letter}' in format string`);
    return part;
  });
}

const $dateToString = onFields('$dateToString', ['date'], ['format', 'timezone', 'onNull'], (fields) => {
  const { date, format: pattern, timezone, onNull } = fields;
  if (isNullish(date)) return 'onNull' in fields ? onNull : null;
  if (('timezone' in fields && isNullish(timezone)) || ('format' in fields && isNullish(pattern)))
    return null;
  const zone = zoneOf('$dateToString', timezone);
  const wanted = pattern ?? (timezone === undefined ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L');
  if (typeof wanted !== 'string') throw wrongType('$dateToString', 'a format as a string');
  return format(momentOfValue('$dateToString', date), wanted, zone);
});

function amountOf(name: string, value: unknown): number {
  const amount = isNumeric(value) ? toDouble(value) : NaN;
  if (!Number.isInteger(amount)) throw wrongType(name, 'a whole number');
  return amount;
}

const shifting = (name: string, sign: 1 | -1): Operator =>
  onFields(name, ['startDate', 'unit', 'amount'], ['timezone'], ({ startDate, unit, amount, timezone }) => {
    if (isNullish(startDate) || isNullish(unit) || isNullish(amount) || timezone === null) return null;
    const zone = zoneOf(name, timezone);
    const moment = momentOfValue(name, startDate);
    return new Date(addUnits(moment, readUnit(name, unit), sign * amountOf(name, amount), zone));
  });

const $dateDiff = onFields(
  '$dateDiff',
  ['startDate', 'endDate', 'unit'],
  ['timezone', 'startOfWeek'],
  ({ startDate, endDate, unit, timezone, startOfWeek }) => {
    if (isNullish(startDate) || isNullish(endDate) || isNullish(unit) || timezone === null) return null;
    return differenceIn(
      readUnit('$dateDiff', unit),
      momentOfValue('$dateDiff', startDate),
      momentOfValue('$dateDiff', endDate),
      zoneOf('$dateDiff', timezone),
      startOfWeek,
    );
  },
);

const $dateTrunc = onFields(
  '$dateTrunc',
  ['date', 'unit'],
  ['binSize', 'timezone', 'startOfWeek'],
  ({ date, unit, binSize = 1, timezone, startOfWeek }) => {
    if (isNullish(date) || isNullish(unit) || isNullish(binSize) || timezone === null) return null;
    const size = amountOf('$dateTrunc', binSize);
    if (size < 1) throw badValue('$dateTrunc requires a positive binSize');
    const moment = momentOfValue('$dateTrunc', date);
    return new Date(
      truncate(moment, readUnit('$dateTrunc', unit), size, zoneOf('$dateTrunc', timezone), startOfWeek),
    );
  },
);

const $dateToParts = onFields(
  '$dateToParts',
  ['date'],
  ['timezone', 'iso8601'],
  ({ date, timezone, iso8601 }) => {
    if (isNullish(date) || timezone === null) return null;
    if (iso8601 === true) throw unsupported('$dateToParts with iso8601');
    return localTime(momentOfValue('$dateToParts', date), zoneOf('$dateToParts', timezone));
  },
);

const $dateFromParts = onFields(
  '$dateFromParts',
  ['year'],
  ['month', 'day', 'hour', 'minute', 'second', 'millisecond', 'timezone'],
  ({ timezone, ...parts }) => {
    if (Object.values(parts).some(isNullish) || timezone === null) return null;
    const part = (name: string, fallback: number): number =>
      name in parts ? amountOf('$dateFromParts', parts[name]) : fallback;
    const wall = Date.UTC(
      part('year', 1970),
      part('month', 1) - 1,
      part('day', 1),
      part('hour', 0),
      part('minute', 0),
      part('second', 0),
      part('millisecond', 0),
    );
    return new Date(momentOf(wall, zoneOf('$dateFromParts', timezone)));
  },
);

export const DATES: Readonly<Record<string, Operator>> = {
  $year: partOf('$year', (wall) => wall.getUTCFullYear()),
  $month: partOf('$month', (wall) => wall.getUTCMonth() + 1),
  $dayOfMonth: partOf('$dayOfMonth', (wall) => wall.getUTCDate()),
  $dayOfYear: partOf('$dayOfYear', dayOfYear),
  $dayOfWeek: partOf('$dayOfWeek', (wall) => wall.getUTCDay() + 1),
  $isoDayOfWeek: partOf('$isoDayOfWeek', (wall) => wall.getUTCDay() || 7),
  $week: partOf('$week', weekOfYear),
  $isoWeek: partOf('$isoWeek', isoWeek),
  $isoWeekYear: partOf('$isoWeekYear', isoWeekYear),
  $hour: partOf('$hour', (wall) => wall.getUTCHours()),
  $minute: partOf('$minute', (wall) => wall.getUTCMinutes()),
  $second: partOf('$second', (wall) => wall.getUTCSeconds()),
  $millisecond: partOf('$millisecond', (wall) => wall.getUTCMilliseconds()),
  $dateToString,
  $dateAdd: shifting('$dateAdd', 1),
  $dateSubtract: shifting('$dateSubtract', -1),
  $dateDiff,
  $dateTrunc,
  $dateToParts,
  $dateFromParts,
};

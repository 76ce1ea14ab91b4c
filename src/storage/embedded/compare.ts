import { Binary, bsonTypeOf, type Doc, type Long } from './bson.js';
import { compareNumbers, isNumeric, type NumericValue } from './numbers.js';

/**
 * MongoDB's comparison order of BSON types
 * (https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/). The gaps are free for the key
 * encoding; an empty array has its own number because an index orders it below null.
 */
export const Kind = {
  MinKey: 0x05,
  EmptyArray: 0x08,
  Null: 0x10,
  Number: 0x20,
  String: 0x30,
  Object: 0x40,
  Array: 0x48,
  Binary: 0x50,
  ObjectId: 0x58,
  Boolean: 0x60,
  Date: 0x68,
  Timestamp: 0x70,
  Regex: 0x78,
  Code: 0x88,
  MaxKey: 0xf0,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

const KIND_BY_BSON_TYPE: Readonly<Record<string, Kind>> = {
  ObjectId: Kind.ObjectId,
  Int32: Kind.Number,
  Double: Kind.Number,
  Long: Kind.Number,
  Decimal128: Kind.Number,
  Binary: Kind.Binary,
  UUID: Kind.Binary,
  BSONRegExp: Kind.Regex,
  Timestamp: Kind.Timestamp,
  BSONSymbol: Kind.String,
  Code: Kind.Code,
  MinKey: Kind.MinKey,
  MaxKey: Kind.MaxKey,
};

/** A missing value (undefined) has null's kind, as everywhere in MongoDB's order. */
export function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case 'string':
      return Kind.String;
    case 'number':
    case 'bigint':
      return Kind.Number;
    case 'boolean':
      return Kind.Boolean;
    case 'object': {
      if (value === null) return Kind.Null;
      if (Array.isArray(value)) return Kind.Array;
      const type = bsonTypeOf(value);
      if (type !== undefined) return KIND_BY_BSON_TYPE[type] ?? Kind.Object;
      if (value instanceof Date) return Kind.Date;
      if (value instanceof RegExp) return Kind.Regex;
      return value instanceof Uint8Array ? Kind.Binary : Kind.Object;
    }
    default:
      return Kind.Null;
  }
}

export type StringComparator = (a: string, b: string) => number;

/**
 * By code points, which is the order of the UTF-8 bytes MongoDB compares. JavaScript's own order differs
 * where a surrogate pair meets a character above U+D7FF.
 */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x === y) continue;
    if (x >= 0xd800 && y >= 0xd800) {
      if (x < 0xe000) x += 0x10000;
      if (y < 0xe000) y += 0x10000;
    }
    return x < y ? -1 : 1;
  }
  return a.length < b.length ? -1 : 1;
}

/** The total order of BSON values. @param strings replaces the order of strings under a collation */
export function compareValues(a: unknown, b: unknown, strings: StringComparator = compareStrings): number {
  if (a === b) return 0;
  const kind = kindOf(a);
  const other = kindOf(b);
  return kind === other ? compareSameKind(kind, a, b, strings) : kind - other;
}

/** Compares values of one kind. */
export function compareSameKind(kind: Kind, a: unknown, b: unknown, strings: StringComparator): number {
  switch (kind) {
    case Kind.Number:
      return compareNumbers(a as NumericValue, b as NumericValue);
    case Kind.String:
      return strings(stringOf(a), stringOf(b));
    case Kind.ObjectId:
      return compareBytes(objectIdBytes(a), objectIdBytes(b));
    case Kind.Date:
      return (a as Date).getTime() - (b as Date).getTime();
    case Kind.Boolean:
      return Number(a) - Number(b);
    case Kind.Array:
      return compareArrays(a as unknown[], b as unknown[], strings);
    case Kind.Object:
      return compareObjects(a as Doc, b as Doc, strings);
    case Kind.Binary:
      return compareBinary(binaryParts(a), binaryParts(b));
    case Kind.Timestamp: {
      const [x, y] = [(a as Long).toBigInt(), (b as Long).toBigInt()];
      return x < y ? -1 : x > y ? 1 : 0;
    }
    case Kind.Regex: {
      const [x, y] = [regexParts(a), regexParts(b)];
      return compareStrings(x.pattern, y.pattern) || compareStrings(x.options, y.options);
    }
    case Kind.Code:
      return compareStrings((a as { code: string }).code, (b as { code: string }).code);
    case Kind.Null:
    case Kind.EmptyArray:
    case Kind.MinKey:
    case Kind.MaxKey:
      return 0;
  }
}

/** Equality as in a query: numbers of all types by value, objects with their fields in order, null = missing. */
export const sameValue = (a: unknown, b: unknown, strings?: StringComparator): boolean =>
  compareValues(a, b, strings) === 0;

export const stringOf = (value: unknown): string =>
  typeof value === 'string' ? value : (value as { value: string }).value;

export const objectIdBytes = (value: unknown): Uint8Array => (value as { id: Uint8Array }).id;

export const compareBytes = (a: Uint8Array, b: Uint8Array): number => Buffer.compare(a, b);

export interface BinaryParts {
  readonly subtype: number;
  readonly bytes: Uint8Array;
}

export function binaryParts(value: unknown): BinaryParts {
  if (value instanceof Binary) return { subtype: value.sub_type, bytes: value.value() };
  return { subtype: 0, bytes: value as Uint8Array };
}

function compareBinary(a: BinaryParts, b: BinaryParts): number {
  return a.bytes.length - b.bytes.length || a.subtype - b.subtype || compareBytes(a.bytes, b.bytes);
}

/** Pattern and options as BSON keeps them, the options sorted. */
export function regexParts(value: unknown): { pattern: string; options: string } {
  if (value instanceof RegExp) {
    // As bson stores them: JavaScript's `g` becomes MongoDB's `s`, other flags are dropped.
    const options = (value.ignoreCase ? 'i' : '') + (value.multiline ? 'm' : '') + (value.global ? 's' : '');
    return { pattern: value.source, options };
  }
  const { pattern, options } = value as { pattern: string; options: string };
  return { pattern, options };
}

function compareArrays(a: unknown[], b: unknown[], strings: StringComparator): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const order = compareValues(a[i], b[i], strings);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Field by field: first the kinds, then the names, then the values. */
function compareObjects(a: Doc, b: Doc, strings: StringComparator): number {
  const namesA = Object.keys(a);
  const namesB = Object.keys(b);
  const length = Math.min(namesA.length, namesB.length);
  for (let i = 0; i < length; i++) {
    const nameA = namesA[i] ?? '';
    const nameB = namesB[i] ?? '';
    const [x, y] = [a[nameA], b[nameB]];
    const order = kindOf(x) - kindOf(y) || compareStrings(nameA, nameB) || compareValues(x, y, strings);
    if (order !== 0) return order;
  }
  return namesA.length - namesB.length;
}

/** True when a string occurs anywhere inside, so that a collation could change its order. */
export function holdsString(value: unknown): boolean {
  if (isNumeric(value)) return false;
  switch (kindOf(value)) {
    case Kind.String:
      return true;
    case Kind.Array:
      return (value as unknown[]).some(holdsString);
    case Kind.Object:
      return Object.values(value as Doc).some(holdsString);
    default:
      return false;
  }
}

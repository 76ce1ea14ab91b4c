import { bsonTypeOf } from '../bson.js';
import { badValue } from '../errors.js';
import { isNumeric, numberType, toDouble } from '../numbers.js';

/** BSON type numbers and the names `$type` knows them by. */
const NAME_BY_NUMBER: Readonly<Record<number, string>> = {
  [-1]: 'minKey',
  1: 'double',
  2: 'string',
  3: 'object',
  4: 'array',
  5: 'binData',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  10: 'null',
  11: 'regex',
  13: 'javascript',
  14: 'symbol',
  16: 'int',
  17: 'timestamp',
  18: 'long',
  19: 'decimal',
  127: 'maxKey',
};
const NAMES = new Set(Object.values(NAME_BY_NUMBER));
const NUMBERS = ['int', 'long', 'double', 'decimal'];

/** Reads the operand of `$type`. */
export function parseTypes(operand: unknown): ReadonlySet<string> {
  const types = new Set<string>();
  for (const item of Array.isArray(operand) ? (operand as unknown[]) : [operand]) {
    if (item === 'number') {
      for (const name of NUMBERS) types.add(name);
    } else if (typeof item === 'string') {
      if (!NAMES.has(item)) throw badValue(`Unknown type name alias: ${item}`);
      types.add(item);
    } else {
      const name = isNumeric(item) ? NAME_BY_NUMBER[toDouble(item)] : undefined;
      if (name === undefined) throw badValue(`Invalid numerical type code: ${String(item)}`);
      types.add(name);
    }
  }
  if (types.size === 0) throw badValue('$type must match at least one type');
  return types;
}

/** True when telling the types apart needs documents decoded with their number types. */
export const needsExactNumbers = (types: ReadonlySet<string>): boolean => {
  const asked = NUMBERS.filter((name) => types.has(name)).length;
  return asked > 0 && asked < NUMBERS.length;
};

const NAME_BY_CLASS: Readonly<Record<string, string>> = {
  ObjectId: 'objectId',
  Binary: 'binData',
  UUID: 'binData',
  BSONRegExp: 'regex',
  Timestamp: 'timestamp',
  Code: 'javascript',
  BSONSymbol: 'symbol',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
};

/** The BSON type of a value by its `$type` name; 'missing' for undefined. */
export function typeName(value: unknown): string {
  if (isNumeric(value)) return numberType(value);
  switch (typeof value) {
    case 'undefined':
      return 'missing';
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'object': {
      if (value === null) return 'null';
      if (Array.isArray(value)) return 'array';
      if (value instanceof Date) return 'date';
      if (value instanceof RegExp) return 'regex';
      if (value instanceof Uint8Array) return 'binData';
      return NAME_BY_CLASS[bsonTypeOf(value) ?? ''] ?? 'object';
    }
    default:
      return 'missing';
  }
}

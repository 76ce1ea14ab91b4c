import { mongo } from 'mongoose';
import { bsonTypeOf, type Doc } from './bson.js';

/**
 * Errors in the shape the official driver gives them, so that Mongoose and the features treat both engines alike.
 * Codes are MongoDB's (https://www.mongodb.com/docs/manual/reference/error-codes/).
 */
export const ErrorCode = {
  BadValue: 2,
  FailedToParse: 9,
  TypeMismatch: 14,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  EmptyFieldName: 56,
  ConflictingUpdateOperators: 40,
  NamespaceExists: 48,
  MaxTimeExpired: 50,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  NotSingleValueField: 54,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  NotImplemented: 238,
  CannotIndexParallelArrays: 171,
  QueryPlanKilled: 175,
  MemoryLimitExceeded: 292,
  DuplicateKey: 11000,
  ObjectTooLarge: 10334,
  UnknownOperator: 168,
} as const;
type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

const NAME_BY_CODE = new Map<number, string>(Object.entries(ErrorCode).map(([name, code]) => [code, name]));

export type ServerError = mongo.MongoServerError;

export function serverError(code: ErrorCode, message: string, more: Doc = {}): ServerError {
  return new mongo.MongoServerError({ message, code, codeName: NAME_BY_CODE.get(code), ...more });
}

export const badValue = (message: string): ServerError => serverError(ErrorCode.BadValue, message);

/** What this engine does not do: said by name, so that it is never mistaken for an empty answer. */
export const unsupported = (feature: string): ServerError =>
  serverError(ErrorCode.NotImplemented, `the embedded engine does not support ${feature}; MongoDB does`);

export const isServerError = (error: unknown): error is ServerError =>
  error instanceof mongo.MongoServerError;

/** @param keyValue the values of the index's fields that are already taken */
export function duplicateKey(
  namespace: string,
  index: string,
  keyPattern: Readonly<Record<string, unknown>>,
  keyValue: Doc,
): ServerError {
  const shown = Object.entries(keyValue)
    .map(([name, value]) => `${name}: ${show(value)}`)
    .join(', ');
  return serverError(
    ErrorCode.DuplicateKey,
    `E11000 duplicate key error collection: ${namespace} index: ${index} dup key: { ${shown} }`,
    { keyPattern, keyValue },
  );
}

/** A value as MongoDB writes it into a message. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (Array.isArray(value)) return `[ ${value.map(show).join(', ')} ]`;
  if (typeof value === 'object') {
    switch (bsonTypeOf(value)) {
      case 'ObjectId':
        return `ObjectId('${(value as mongo.ObjectId).toHexString()}')`;
      case 'Int32':
      case 'Double':
      case 'Long':
      case 'Decimal128':
        return (value as mongo.Long).toString();
      case undefined:
        return `{ ${Object.entries(value)
          .map(([name, item]) => `${name}: ${show(item)}`)
          .join(', ')} }`;
      default:
        return JSON.stringify(value);
    }
  }
  return typeof value;
}

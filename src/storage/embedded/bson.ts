import { mongo } from 'mongoose';

/**
 * The BSON classes. They are taken from Mongoose, because importing `bson` directly from an
 * ES module loads a second copy of it, whose ObjectId is not Mongoose's ObjectId.
 */
export const { Binary, Code, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } = mongo;
export const { BSONRegExp, BSONSymbol } = mongo.BSON;

export type Decimal128 = mongo.Decimal128;
export type Long = mongo.Long;

/** A document as decoded from BSON: plain objects, arrays, and BSON's own classes; nothing else. */
export type Doc = Record<string, unknown>;

/** MongoDB's limit on one document, in bytes of BSON. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** What a caller may ask of decoding; the official driver's names. */
export interface DecodeOptions {
  readonly promoteValues?: boolean;
  readonly promoteLongs?: boolean;
  readonly promoteBuffers?: boolean;
  readonly useBigInt64?: boolean;
  readonly bsonRegExp?: boolean;
}

const EXACT: DecodeOptions = { promoteValues: false, bsonRegExp: true };

/** As the driver does: `undefined` is stored as null, functions are left out. */
export function encode(doc: object): Buffer {
  const bytes = mongo.BSON.serialize(doc, { ignoreUndefined: false });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export const decode = (bytes: Uint8Array, options?: DecodeOptions): Doc =>
  mongo.BSON.deserialize(bytes, options);

/** Keeps number types apart (Int32, Double, Long), so that writing the document back changes nothing else. */
export const decodeExact = (bytes: Uint8Array): Doc => mongo.BSON.deserialize(bytes, EXACT);

/**
 * A caller's filter, update or pipeline as the server would receive it: no Mongoose wrappers, no
 * `undefined`, no aliasing of the caller's objects. Numbers are plain.
 */
export function normalize<T>(value: T): T {
  const copy = plainCopy(value, 0);
  if (copy !== undefined) return copy as T;
  return mongo.BSON.deserialize(mongo.BSON.serialize({ v: value }, { ignoreUndefined: false })).v as T;
}

/** Like {@link normalize}, with number types kept apart. */
export function normalizeExact<T>(value: T): T {
  return mongo.BSON.deserialize(mongo.BSON.serialize({ v: value }, { ignoreUndefined: false }), EXACT).v as T;
}

/** An object literal, not an instance of a class with a way of its own into BSON. */
export function isPlainObject(value: unknown): value is Doc {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * A value that {@link normalize} would give back as it is, so that the round through BSON can be saved.
 * @returns undefined for any other value, null and missing among them
 */
export function plainValue(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      // Half a surrogate pair would not come back as it went.
      return /\p{Surrogate}/u.test(value) ? undefined : value;
    case 'number':
    case 'boolean':
      return value;
    case 'object':
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : new Date(value);
      return value !== null && bsonTypeOf(value) === 'ObjectId' ? value : undefined;
    default:
      return undefined;
  }
}

/** Deeper than any filter; what goes round in circles is left to BSON to refuse. */
const DEEPEST = 20;

/** What {@link normalize} would give back for plain values, arrays and objects; undefined where only BSON can tell. */
function plainCopy(value: unknown, depth: number): unknown {
  if (value === null || depth > DEEPEST) return value === null ? null : undefined;
  if (Array.isArray(value)) {
    const copies = Array.from(value, (item) => plainCopy(item, depth + 1));
    return copies.includes(undefined) ? undefined : copies;
  }
  if (!isPlainObject(value)) return plainValue(value);
  const copy: Doc = {};
  for (const name of Object.keys(value)) {
    const item = plainName(name) ? plainCopy(value[name], depth + 1) : undefined;
    if (item === undefined) return undefined;
    copy[name] = item;
  }
  return copy;
}

/** Neither touches a prototype nor changes on its way through BSON. */
const plainName = (name: string): boolean => name !== '__proto__' && !/[\0\p{Surrogate}]/u.test(name);

/** The name of the BSON class of a value, or undefined for a plain object, array, Date, primitive. */
export const bsonTypeOf = (value: object): string | undefined => (value as { _bsontype?: string })._bsontype;

/** True for a plain sub-document, false for arrays, dates and BSON's classes. */
export const isDocument = (value: unknown): value is Doc =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  bsonTypeOf(value) === undefined &&
  !(value instanceof Date) &&
  !(value instanceof RegExp);

/**
 * A field of a decoded document; undefined when it is missing. Decoded documents hold no functions and no
 * `undefined`, so what is inherited from Object.prototype is told by its type.
 */
export function field(doc: Doc, name: string): unknown {
  const value = doc[name];
  if (typeof value === 'function') return undefined;
  return name === '__proto__' && !Object.hasOwn(doc, name) ? undefined : value;
}

/** Sets a field, also one named `__proto__`, without touching the prototype. */
export function setField(doc: Doc, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(doc, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    doc[name] = value;
  }
}

import { type Doc, type Long } from './bson.js';
import { binaryParts, Kind, kindOf, objectIdBytes, regexParts, stringOf } from './compare.js';
import { residual, toDouble, type ExactDecimal, type NumericValue } from './numbers.js';

/**
 * Index keys: byte strings whose memcmp order is MongoDB's order of the values. Every encoded component is
 * self-delimiting, so components can follow each other; a descending component is stored inverted.
 * No component, inverted or not, begins with 0xFF.
 */

/** Encodes an empty array in an index: below null, as in MongoDB. */
export const EMPTY_ARRAY = Symbol('empty array');

const NAN_BYTES = 8;
const RESIDUAL_ZERO = 0x80;
const EXPONENT_BIAS = 16_384;

let scratch = Buffer.allocUnsafe(1024);
let length = 0;

function reserve(bytes: number): void {
  if (length + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafe(Math.max(scratch.length * 2, length + bytes));
  scratch.copy(larger, 0, 0, length);
  scratch = larger;
}

function putByte(byte: number): void {
  reserve(1);
  scratch[length++] = byte;
}

function putBytes(bytes: Uint8Array): void {
  reserve(bytes.length);
  scratch.set(bytes, length);
  length += bytes.length;
}

/** One value as one ascending component. */
export function encodeValue(value: unknown): Buffer {
  length = 0;
  put(value);
  return Buffer.from(scratch.subarray(0, length));
}

/**
 * A whole key.
 * @param values one per component; undefined (missing) is encoded as null
 * @param descending per component
 */
export function encodeKey(values: readonly unknown[], descending: readonly boolean[]): Buffer {
  length = 0;
  for (let i = 0; i < values.length; i++) {
    const start = length;
    put(values[i]);
    if (descending[i]) {
      for (let j = start; j < length; j++) scratch[j] = ~(scratch[j] ?? 0);
    }
  }
  return Buffer.from(scratch.subarray(0, length));
}

/** The bytes every string beginning with `prefix` shares: a component without its end. */
export function encodeStringPrefix(prefix: string): Buffer {
  const whole = encodeValue(prefix);
  return whole.subarray(0, whole.length - 1);
}

export function invert(bytes: Uint8Array): Buffer {
  const inverted = Buffer.allocUnsafe(bytes.length);
  for (let i = 0; i < bytes.length; i++) inverted[i] = ~(bytes[i] ?? 0);
  return inverted;
}

function put(value: unknown): void {
  if (value === EMPTY_ARRAY) {
    putByte(Kind.EmptyArray);
    return;
  }
  const kind = kindOf(value);
  putByte(kind);
  switch (kind) {
    case Kind.Number: {
      putNumber(value as NumericValue);
      return;
    }
    case Kind.String: {
      putText(stringOf(value));
      return;
    }
    case Kind.ObjectId: {
      putBytes(objectIdBytes(value));
      return;
    }
    case Kind.Date: {
      // Milliseconds since 1970 are integers a double holds exactly.
      putDouble((value as Date).getTime());
      return;
    }
    case Kind.Boolean: {
      putByte(value === true ? 1 : 0);
      return;
    }
    case Kind.Object: {
      putObject(value as Doc);
      return;
    }
    case Kind.Array:
      for (const item of value as unknown[]) put(item);
      {
        putByte(0);
        return;
      }
    case Kind.Binary: {
      const { subtype, bytes } = binaryParts(value);
      reserve(5);
      length = scratch.writeUInt32BE(bytes.length, length);
      putByte(subtype);
      putBytes(bytes);
      return;
    }
    case Kind.Timestamp:
      reserve(8);
      length = scratch.writeBigUInt64BE(BigInt.asUintN(64, (value as Long).toBigInt()), length);
      return;
    case Kind.Regex: {
      const { pattern, options } = regexParts(value);
      putText(pattern);
      putText(options);
      return;
    }
    case Kind.Code: {
      putText((value as { code: string }).code);
      return;
    }
    case Kind.Null:
    case Kind.EmptyArray:
    case Kind.MinKey:
    case Kind.MaxKey:
      return;
  }
}

/** UTF-8, ended by 00. A NUL inside becomes 01 01 and a 01 becomes 01 02, so that the end stays the lowest. */
function putText(text: string): void {
  reserve(text.length * 6 + 1);
  const start = length;
  length += scratch.write(text, length, 'utf8');
  if (text.includes('\0') || text.includes('\x01')) escapeLowBytes(start);
  putByte(0);
}

function escapeLowBytes(start: number): void {
  for (let i = start; i < length; i++) {
    const byte = scratch[i] ?? 0;
    if (byte > 1) continue;
    scratch.copyWithin(i + 1, i, length);
    length++;
    scratch[i] = 1;
    scratch[++i] = byte + 1;
  }
}

/** Kind, name, value, as objects are compared; ended by a byte below every kind. */
function putObject(doc: Doc): void {
  for (const name of Object.keys(doc)) {
    const value = doc[name];
    putByte(kindOf(value));
    putText(name);
    put(value);
  }
  putByte(0);
}

/** A double so that byte order is numeric order: sign bit flipped, negatives inverted; NaN lowest. */
function putDouble(value: number): void {
  reserve(8);
  if (Number.isNaN(value)) {
    scratch.fill(0, length, length + NAN_BYTES);
    length += NAN_BYTES;
    return;
  }
  scratch.writeDoubleBE(value === 0 ? 0 : value, length);
  if (value < 0) {
    for (let i = length; i < length + 8; i++) scratch[i] = ~(scratch[i] ?? 0);
  } else {
    scratch[length] = (scratch[length] ?? 0) | 0x80;
  }
  length += 8;
}

/** The nearest double, then what it leaves out, so that numbers of all types share one order. */
function putNumber(value: NumericValue): void {
  putDouble(toDouble(value));
  if (typeof value === 'number') {
    putByte(RESIDUAL_ZERO);
    return;
  }
  const rest = residual(value);
  if (rest.digits === 0n) {
    putByte(RESIDUAL_ZERO);
    return;
  }
  const positive = rest.digits > 0n;
  // Beyond the doubles the nearest double is an infinity, which lies further out than any such value.
  putByte(rest.beyond ? (positive ? 0x01 : 0xfe) : positive ? 0x81 : 0x7f);
  const start = length;
  putMagnitude(rest);
  if (!positive) for (let i = start; i < length; i++) scratch[i] = ~(scratch[i] ?? 0);
}

function putMagnitude({ digits, exponent }: ExactDecimal): void {
  const text = (digits < 0n ? -digits : digits).toString();
  const magnitude = exponent + text.length;
  reserve(text.length + 3);
  length = scratch.writeUInt16BE(magnitude + EXPONENT_BIAS, length);
  length += scratch.write(text.replace(/0+$/, ''), length, 'latin1');
  putByte(0);
}

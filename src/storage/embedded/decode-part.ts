import { ObjectId, setField, type Doc } from './bson.js';

/** What a projection leaves of a document, where it names fields only. */
export interface Kept {
  /** True if fields without a rule are left out. */
  readonly including: boolean;
  readonly fields: readonly KeptField[];
}

export interface KeptField {
  readonly name: string;
  /** The name as it is stored. */
  readonly bytes: Buffer;
  /** What becomes of the field; rules for the fields below it. */
  readonly rule: 'include' | 'exclude' | Kept;
}

/** Types of values. @see https://bsonspec.org/spec.html */
const DOUBLE = 0x01;
const STRING = 0x02;
const DOCUMENT = 0x03;
const ARRAY = 0x04;
const OBJECT_ID = 0x07;
const BOOLEAN = 0x08;
const DATE = 0x09;
const NULL = 0x0a;
const INT32 = 0x10;
const INT64 = 0x12;

/** Bytes of a value by its type, where all values of the type have as many. */
const FIXED: Readonly<Record<number, number>> = {
  ...{ [DOUBLE]: 8, 0x06: 0, [OBJECT_ID]: 12, [BOOLEAN]: 1, [DATE]: 8, [NULL]: 0 },
  ...{ [INT32]: 4, 0x11: 8, [INT64]: 8, 0x13: 16, 0x7f: 0, 0xff: 0 },
};

/** Types that begin with a length → bytes beyond that length. */
const WITH_LENGTH: Readonly<Record<number, number>> = {
  ...{ [STRING]: 4, [DOCUMENT]: 0, [ARRAY]: 0, 0x05: 5, 0x0d: 4, 0x0e: 4, 0x0f: 0 },
};

/** A type that is read by the library alone. */
class UnreadError extends Error {}
const UNREAD = new UnreadError();

/**
 * Decodes what a projection leaves of a stored document, and skips the rest: of a large document that is most of the
 * work. Values become what `decode` makes of them.
 * @returns undefined where a kept value has a type that is not read here
 */
export function decodePart(bytes: Buffer, kept: Kept): Doc | undefined {
  try {
    return readDocument(bytes, 0, kept);
  } catch (error) {
    if (error === UNREAD) return undefined;
    throw error;
  }
}

/** @param kept null: all of it */
function readDocument(bytes: Buffer, from: number, kept: Kept | null): Doc {
  const doc: Doc = {};
  const end = from + bytes.readInt32LE(from) - 1;
  // Documents of a collection have their fields in the same order mostly.
  let likely = 0;
  for (let at = from + 4; at < end;) {
    const type = bytes[at] ?? 0;
    const nameEnd = endOfName(bytes, at + 1);
    const next = afterValue(bytes, type, nameEnd + 1);
    const place = kept === null ? -1 : placeOf(bytes, at + 1, nameEnd, kept.fields, likely);
    if (place >= 0) likely = place + 1;
    const field = kept?.fields[place];
    const rule = field?.rule ?? (kept?.including === true ? 'exclude' : 'include');
    if (isKept(type, rule)) {
      const name = field?.name ?? nameOf(bytes, at + 1, nameEnd);
      const value = readValue(bytes, type, nameEnd + 1, rule);
      // A name with a dollar may make a class of the library's.
      if (name.startsWith('$')) throw UNREAD;
      setField(doc, name, value);
    }
    at = next;
  }
  return doc;
}

/** Rules below an array apply to each of its elements; plain ones are left out where fields are included. */
function readArray(bytes: Buffer, from: number, kept: Kept | null): unknown[] {
  const items: unknown[] = [];
  const end = from + bytes.readInt32LE(from) - 1;
  const rule = kept ?? 'include';
  for (let at = from + 4; at < end;) {
    const type = bytes[at] ?? 0;
    const value = endOfName(bytes, at + 1) + 1;
    if (isKept(type, rule)) items.push(readValue(bytes, type, value, rule));
    at = afterValue(bytes, type, value);
  }
  return items;
}

const isNested = (type: number): boolean => type === DOCUMENT || type === ARRAY;

const isKept = (type: number, rule: KeptField['rule']): boolean =>
  typeof rule === 'string' ? rule === 'include' : isNested(type) || !rule.including;

function readValue(bytes: Buffer, type: number, at: number, rule: KeptField['rule']): unknown {
  switch (type) {
    case STRING:
      return bytes.toString('utf8', at + 4, at + 3 + bytes.readInt32LE(at));
    case INT32:
      return bytes.readInt32LE(at);
    case DOUBLE:
      return bytes.readDoubleLE(at);
    case DOCUMENT:
      return readDocument(bytes, at, typeof rule === 'string' ? null : rule);
    case ARRAY:
      return readArray(bytes, at, typeof rule === 'string' ? null : rule);
    case NULL:
      return null;
    case BOOLEAN:
      return bytes[at] === 1;
    case DATE:
      return new Date(int64At(bytes, at));
    case OBJECT_ID:
      return new ObjectId(Uint8Array.prototype.slice.call(bytes, at, at + 12));
    case INT64:
      return int64At(bytes, at);
    default:
      throw UNREAD;
  }
}

const WORD = 2 ** 32;

function int64At(bytes: Buffer, at: number): number {
  const value = bytes.readInt32LE(at + 4) * WORD + bytes.readUInt32LE(at);
  if (!Number.isSafeInteger(value)) throw UNREAD;
  return value;
}

function endOfName(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] !== 0) at += 1;
  return at;
}

const nameOf = (bytes: Buffer, from: number, end: number): string => bytes.toString('utf8', from, end);

function afterValue(bytes: Buffer, type: number, from: number): number {
  const size = FIXED[type];
  if (size !== undefined) return from + size;
  const beyond = WITH_LENGTH[type];
  if (beyond === undefined) throw UNREAD;
  return from + bytes.readInt32LE(from) + beyond;
}

/** @returns the place of the field among `fields`, looked for from `likely`; -1 if it has no rule */
function placeOf(
  bytes: Buffer,
  from: number,
  end: number,
  fields: readonly KeptField[],
  likely: number,
): number {
  const { length } = fields;
  for (let step = 0; step < length; step += 1) {
    const place = (likely + step) % length;
    const name = fields[place]?.bytes;
    if (name?.length !== end - from) continue;
    let same = 0;
    while (same < name.length && bytes[from + same] === name[same]) same += 1;
    if (same === name.length) return place;
  }
  return -1;
}

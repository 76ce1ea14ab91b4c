import { ObjectId, setField, type Doc } from './bson.js';
import {
  afterValue,
  ARRAY,
  BOOLEAN,
  DATE,
  DOCUMENT,
  DOUBLE,
  endOfName,
  INT32,
  INT64,
  nameOf,
  NULL,
  OBJECT_ID,
  STRING,
  UNREAD,
} from './elements.js';

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

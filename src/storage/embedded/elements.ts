/** How the fields of a stored document lie one after another. @see https://bsonspec.org/spec.html */

/** Types of values. */
export const DOUBLE = 0x01;
export const STRING = 0x02;
export const DOCUMENT = 0x03;
export const ARRAY = 0x04;
export const OBJECT_ID = 0x07;
export const BOOLEAN = 0x08;
export const DATE = 0x09;
export const NULL = 0x0a;
export const INT32 = 0x10;
export const INT64 = 0x12;

/** Bytes of a value by its type, where all values of the type have as many. */
const FIXED: Readonly<Record<number, number>> = {
  ...{ [DOUBLE]: 8, 0x06: 0, [OBJECT_ID]: 12, [BOOLEAN]: 1, [DATE]: 8, [NULL]: 0 },
  ...{ [INT32]: 4, 0x11: 8, [INT64]: 8, 0x13: 16, 0x7f: 0, 0xff: 0 },
};

/** Types that begin with a length → bytes beyond that length. */
const WITH_LENGTH: Readonly<Record<number, number>> = {
  ...{ [STRING]: 4, [DOCUMENT]: 0, [ARRAY]: 0, 0x05: 5, 0x0d: 4, 0x0e: 4, 0x0f: 0 },
};

/** A type that is read by the library alone: what `afterValue` and its users throw. */
class UnreadError extends Error {}
export const UNREAD = new UnreadError();

/** Returns where the name that begins at `from` ends. */
export function endOfName(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] !== 0) at += 1;
  return at;
}

export const nameOf = (bytes: Buffer, from: number, end: number): string => bytes.toString('utf8', from, end);

/** Returns where the value that begins at `from` ends. @throws UNREAD for a type that is not known here */
export function afterValue(bytes: Buffer, type: number, from: number): number {
  const size = FIXED[type];
  if (size !== undefined) return from + size;
  const beyond = WITH_LENGTH[type];
  if (beyond === undefined) throw UNREAD;
  return from + bytes.readInt32LE(from) + beyond;
}

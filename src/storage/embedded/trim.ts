/** What a projection leaves of a document, where it names fields only. */
export interface Kept {
  /** True if fields without a rule are left out. */
  readonly including: boolean;
  readonly fields: readonly KeptField[];
}

interface KeptField {
  readonly name: Buffer;
  /** What becomes of the field; rules for the fields below it. */
  readonly rule: 'include' | 'exclude' | Kept;
}

/** @see https://bsonspec.org/spec.html */
const DOCUMENT = 0x03;
const ARRAY = 0x04;

/** Bytes of a value by its type, where all values of the type have as many. */
const FIXED: Readonly<Record<number, number>> = {
  0x01: 8,
  0x06: 0,
  0x07: 12,
  0x08: 1,
  0x09: 8,
  0x0a: 0,
  0x10: 4,
  0x11: 8,
  0x12: 8,
  0x13: 16,
  0x7f: 0,
  0xff: 0,
};

/** Types that begin with a length → bytes beyond that length. */
const WITH_LENGTH: Readonly<Record<number, number>> = {
  0x02: 4,
  [DOCUMENT]: 0,
  [ARRAY]: 0,
  0x05: 5,
  0x0d: 4,
  0x0e: 4,
  0x0f: 0,
};

/** What is left of a stored document. */
export interface Trimmed {
  readonly bytes: Buffer;
  /** Whether it is exactly what the projection makes of it; otherwise there is more. */
  readonly exact: boolean;
}

/**
 * Leaves out of a stored document what a projection is going to drop, without decoding it: most of a large document is
 * skipped by its length. Elements of arrays stay in their places.
 * @returns the same bytes for a document with a type that is not read here
 */
export function trim(bytes: Buffer, kept: Kept): Trimmed {
  const target = Buffer.allocUnsafe(bytes.length);
  judged = false;
  const end = trimDocument(bytes, 0, target, 0, kept);
  return end === UNREAD ? { bytes, exact: false } : { bytes: target.subarray(0, end), exact: !judged };
}

/** Whether the document that is trimmed has plain values that the projection has still to judge. */
let judged = false;

const UNREAD = -1;

/** @returns where the copy ends in the target */
function trimDocument(bytes: Buffer, from: number, target: Buffer, to: number, kept: Kept): number {
  const end = from + bytes.readInt32LE(from) - 1;
  let write = to + 4;
  for (let at = from + 4; at < end;) {
    const value = afterName(bytes, at + 1);
    const next = afterValue(bytes, bytes[at] ?? 0, value);
    if (next === UNREAD) return UNREAD;
    const rule = ruleOf(bytes, at + 1, value - 1, kept);
    write = copy({ bytes, at, value, next }, target, write, rule);
    if (write === UNREAD) return UNREAD;
    at = next;
  }
  return close(target, to, write);
}

function trimArray(bytes: Buffer, from: number, target: Buffer, to: number, kept: Kept): number {
  const end = from + bytes.readInt32LE(from) - 1;
  let write = to + 4;
  for (let at = from + 4; at < end;) {
    const value = afterName(bytes, at + 1);
    const next = afterValue(bytes, bytes[at] ?? 0, value);
    if (next === UNREAD) return UNREAD;
    write = copy({ bytes, at, value, next }, target, write, kept);
    if (write === UNREAD) return UNREAD;
    at = next;
  }
  return close(target, to, write);
}

interface Element {
  readonly bytes: Buffer;
  /** Where its type, its value and the next element stand. */
  readonly at: number;
  readonly value: number;
  readonly next: number;
}

function copy(
  { bytes, at, value, next }: Element,
  target: Buffer,
  write: number,
  rule: KeptField['rule'],
): number {
  if (rule === 'exclude') return write;
  const type = bytes[at];
  // Rules below a plain value are the projection's to judge.
  if (rule === 'include' || (type !== DOCUMENT && type !== ARRAY)) {
    if (rule !== 'include' && rule.including) judged = true;
    bytes.copy(target, write, at, next);
    return write + next - at;
  }
  bytes.copy(target, write, at, value);
  const start = write + value - at;
  return (type === DOCUMENT ? trimDocument : trimArray)(bytes, value, target, start, rule);
}

/** Writes the length of a document and the zero at its end. */
function close(target: Buffer, from: number, end: number): number {
  target[end] = 0;
  target.writeInt32LE(end + 1 - from, from);
  return end + 1;
}

function afterName(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] !== 0) at += 1;
  return at + 1;
}

function afterValue(bytes: Buffer, type: number, from: number): number {
  const size = FIXED[type];
  if (size !== undefined) return from + size;
  const beyond = WITH_LENGTH[type];
  return beyond === undefined ? UNREAD : from + bytes.readInt32LE(from) + beyond;
}

function ruleOf(bytes: Buffer, from: number, end: number, { fields, including }: Kept): KeptField['rule'] {
  for (const { name, rule } of fields) {
    if (name.length !== end - from) continue;
    let same = 0;
    while (same < name.length && bytes[from + same] === name[same]) same += 1;
    if (same === name.length) return rule;
  }
  return including ? 'exclude' : 'include';
}

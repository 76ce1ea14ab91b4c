import { decodeExact, encode, type Doc } from './bson.js';
import { afterValue, endOfName, nameOf, UNREAD } from './elements.js';

/** Some top fields of a stored document, which can be put back into it changed. */
export interface Part {
  /** Decoded with number types; may be changed in place. */
  readonly doc: Doc;
  /** The whole document with the part as it is now: fields stay in their places, new ones come last. */
  put(doc: Doc): Buffer;
}

/** One field as it is stored: type, name and value. */
interface Element {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Length in front, zero at the end. */
const AROUND = 5;

/**
 * Decodes these top fields alone: of a large document that is little of the work, and so is encoding them again.
 * @returns undefined where a value has a type whose length is not known here
 */
export function partOf(bytes: Buffer, names: ReadonlySet<string>): Part | undefined {
  const elements = elementsOf(bytes);
  if (elements === undefined) return undefined;
  const own = elements.filter(({ name }) => names.has(name));
  const part = joined(own.map(({ from, to }) => bytes.subarray(from, to)));
  return {
    doc: decodeExact(part),
    put(doc) {
      const changed = encode(doc);
      const fresh = new Map<string, Buffer>();
      for (const { name, from, to } of elementsOf(changed) ?? []) fresh.set(name, changed.subarray(from, to));
      const pieces: Buffer[] = [];
      for (const { name, from, to } of elements) {
        const piece = names.has(name) ? fresh.get(name) : bytes.subarray(from, to);
        if (piece !== undefined) pieces.push(piece);
        fresh.delete(name);
      }
      return joined([...pieces, ...fresh.values()]);
    },
  };
}

function joined(pieces: readonly Buffer[]): Buffer {
  const length = pieces.reduce((sum, piece) => sum + piece.length, AROUND);
  const bytes = Buffer.alloc(length);
  bytes.writeInt32LE(length, 0);
  let at = 4;
  for (const piece of pieces) at += piece.copy(bytes, at);
  return bytes;
}

function elementsOf(bytes: Buffer): Element[] | undefined {
  const elements: Element[] = [];
  const end = bytes.readInt32LE(0) - 1;
  try {
    for (let from = 4; from < end;) {
      const nameEnd = endOfName(bytes, from + 1);
      const to = afterValue(bytes, bytes[from] ?? 0, nameEnd + 1);
      elements.push({ name: nameOf(bytes, from + 1, nameEnd), from, to });
      from = to;
    }
  } catch (error) {
    if (error === UNREAD) return undefined;
    throw error;
  }
  return elements;
}

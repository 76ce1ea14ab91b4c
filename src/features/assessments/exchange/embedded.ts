import type { EmbeddedFile } from '../bank/question-files.service.js';

/** Width and height of a picture of which the file says nothing: they are set when it is stored. */
export const UNMEASURED = 1;

/** Collects the files that questions refer to, each once. */
export interface Embedded {
  readonly files: EmbeddedFile[];
  /** Returns the reference to a file, as texts and definitions hold it. @param key the same for the same content */
  readonly add: (key: string, name: string, bytes: () => Buffer) => string;
}

export function collectEmbedded(): Embedded {
  const files: EmbeddedFile[] = [];
  const known = new Map<string, string>();
  return {
    files,
    add(key, name, bytes) {
      const before = known.get(key);
      if (before !== undefined) return before;
      const reference = `embedded/${files.push({ name: baseName(name), bytes: bytes() }) - 1}`;
      known.set(key, reference);
      return reference;
    },
  };
}

const baseName = (path: string): string => path.split('/').at(-1) ?? path;

/** Sets the place of an embedded file as a text has it. */
export const embeddedText = (reference: string, alt: string): string =>
  `![${alt
    .replace(/[[\]\s]+/gu, ' ')
    .trim()
    .slice(0, 200)}](${reference})`;

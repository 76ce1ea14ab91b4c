/* The Link header by its grammar. https://www.rfc-editor.org/rfc/rfc8288#section-3 */

/** One link of the header. */
export interface WebLink {
  /** As sent; may be relative. */
  readonly target: string;
  /** Relation types in lower case. */
  readonly relations: readonly string[];
  /** True if the link is one of another resource than the answer. */
  readonly anchored: boolean;
}

export interface LinkHeader {
  readonly links: readonly WebLink[];
  /** False if the header does not follow the grammar: links after the fault are missing. */
  readonly complete: boolean;
}

/** Typographic quotes, which Moodle puts around values. Each byte of a header is one character, so one is three. */
const TYPOGRAPHIC = /[\u2018-\u201f]|\u00e2\u0080[\u0098-\u009f]/g;

/** Reads a header from left to right. */
class Reader {
  #at = 0;
  constructor(readonly text: string) {}

  get ended(): boolean {
    return this.#at >= this.text.length;
  }
  skip(pattern: RegExp): void {
    this.take(pattern);
  }
  /** Returns what matches at this place, and goes past it; null if nothing does. */
  take(pattern: RegExp): RegExpExecArray | null {
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.text);
    if (found !== null) this.#at = sticky.lastIndex;
    return found;
  }
}

/** Returns the links of a header; several headers are joined by commas before. */
export function linksIn(header: string): LinkHeader {
  const reader = new Reader(header);
  const links: WebLink[] = [];
  for (;;) {
    reader.skip(/[\s,]*/);
    if (reader.ended) return { links, complete: true };
    const target = reader.take(/<([^<>]*)>/)?.[1];
    const parameters = target === undefined ? null : parametersIn(reader);
    if (target === undefined || parameters === null) return { links, complete: false };
    links.push({
      target,
      relations: (parameters.get('rel') ?? '').toLowerCase().split(/\s+/).filter(Boolean),
      anchored: (parameters.get('anchor') ?? '') !== '',
    });
  }
}

/** Returns the parameters after a target, the first of each name; null where the grammar is not kept. */
function parametersIn(reader: Reader): ReadonlyMap<string, string> | null {
  const found = new Map<string, string>();
  for (;;) {
    reader.skip(/\s*/);
    if (reader.ended || reader.take(/,/) !== null) return found;
    if (reader.take(/;/) === null) return null;
    const name = reader.take(/\s*([^\s=;,"<>]*)\s*/)?.[1]?.toLowerCase() ?? '';
    const value = reader.take(/=\s*/) === null ? '' : valueIn(reader);
    if (value === null) return null;
    // Of several `rel` the first one counts.
    if (name !== '' && !found.has(name)) found.set(name, value);
  }
}

/** Returns a value, quoted or not; null if a quote has no end. */
function valueIn(reader: Reader): string | null {
  const quoted = reader.take(/"((?:[^"\\]|\\.)*)"/)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1').replace(TYPOGRAPHIC, '');
  const plain = reader.take(/[^;,"]*/)?.[0] ?? '';
  // A quote where none may stand.
  return reader.take(/"/) === null ? plain.replace(TYPOGRAPHIC, '').replace(/^'|'$/g, '').trim() : null;
}

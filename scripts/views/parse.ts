import { piecesOf, type Piece } from './code.js';
import type {
  Attribute,
  AttributeItem,
  Block,
  Element,
  Node,
  Note,
  Output,
  Statement,
  ValuePart,
} from './tree.js';

/** Elements without an end tag. */
const VOID = new Set([
  'area',
  'base',
  'br',
  'col',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
]);
/** Elements in whose content every space counts, or that hold no HTML. */
const RAW = new Set(['pre', 'textarea', 'script', 'style']);

/**
 * Reads a template.
 * @throws Error that names the line, if an element ends in another branch than it began in, or does not end
 */
export function parseView(source: string): Node[] {
  return new Parser(source).all();
}

/** Reads the next item; null where the list of items ends. */
type Reader<Item> = () => Item | null;

class Parser {
  private at = 0;
  /** Parts of the scriptlet that was read last. */
  private waiting: Piece[] = [];

  constructor(private readonly source: string) {}

  all(): Node[] {
    const nodes = this.items(() => this.node());
    if (this.at < this.source.length || this.waiting.length > 0) throw this.error('this ends nothing');
    return nodes;
  }

  /** Reads items and the blocks around them until `read` finds an end, or a block ends. */
  private items<Item>(read: Reader<Item>, before?: () => void): (Item | Block<Item> | Statement)[] {
    const found: (Item | Block<Item> | Statement)[] = [];
    for (;;) {
      before?.();
      const piece = this.piece();
      if (piece?.kind === 'close' || piece?.kind === 'middle') return found;
      if (piece?.kind === 'statement') found.push({ kind: 'statement', code: this.next().code });
      else if (piece?.kind === 'open') found.push(this.block(read, before));
      else {
        const item = read();
        if (item === null) return found;
        found.push(item);
      }
    }
  }

  private block<Item>(read: Reader<Item>, before?: () => void): Block<Item> {
    const branches: { head: string; body: (Item | Block<Item> | Statement)[] }[] = [];
    for (;;) {
      const head = this.next().code;
      branches.push({ head, body: this.items(read, before) });
      const end = this.piece();
      if (end?.kind === 'close') return { kind: 'block', branches, tail: this.next().code };
      if (end?.kind !== 'middle') throw this.error(`${head} has no end here`);
    }
  }

  private piece(): Piece | undefined {
    if (this.waiting.length === 0 && /^<%[^=#%-]/.test(this.source.slice(this.at, this.at + 3))) {
      this.waiting = piecesOf(this.inside(2));
    }
    return this.waiting[0];
  }

  private next(): Piece {
    const piece = this.waiting.shift();
    if (piece === undefined) throw this.error('a block was expected');
    return piece;
  }

  private tag(): Output | Note | null {
    const mark = /<%([=#-])/y;
    mark.lastIndex = this.at;
    const kind = mark.exec(this.source)?.[1];
    if (kind === undefined) return null;
    const code = this.inside(3);
    return kind === '#'
      ? { kind: 'note', text: code }
      : { kind: 'output', mark: kind === '=' ? '=' : '-', code };
  }

  /** What lies before `%>`, once the opening of the tag is skipped. */
  private inside(opening: number): string {
    const end = this.source.indexOf('%>', this.at);
    if (end < 0) throw this.error('a tag without %>');
    const code = this.source.slice(this.at + opening, end).replace(/^_|[-_]$/g, '');
    this.at = end + 2;
    return code.trim();
  }

  private node(): Node | null {
    const rest = this.source.slice(this.at);
    if (rest === '' || rest.startsWith('</')) return null;
    const tag = this.tag();
    if (tag !== null) return tag;
    const literal = /^<!--[^]*?-->|^<![^>]*>/.exec(rest)?.[0];
    if (literal !== undefined) {
      this.at += literal.length;
      return { kind: 'literal', text: literal };
    }
    if (/^<[a-z]/i.test(rest)) return this.element();
    const text = /^<?[^<]*/.exec(rest)?.[0] ?? '';
    this.at += text.length;
    return { kind: 'text', text };
  }

  private element(): Element {
    const name = this.word(/<([a-z][\w-]*)/iy);
    const attributes = this.items(
      () => this.attribute(),
      () => this.skipSpace(),
    );
    this.word(/(\/?>)/y);
    if (VOID.has(name)) return { kind: 'element', name, attributes, children: null, raw: null };
    if (RAW.has(name)) {
      const end = `</${name}>`;
      const raw = this.items(() => this.tag() ?? this.text((from) => this.source.indexOf(end, from)));
      this.word(/(<\/[\w-]+>)/y);
      return { kind: 'element', name, attributes, children: [], raw };
    }
    const children = this.items(() => this.node());
    const end = `</${name}>`;
    if (this.waiting.length > 0 || !this.source.startsWith(end, this.at)) {
      throw this.error(`<${name}> has no end here`);
    }
    this.at += end.length;
    return { kind: 'element', name, attributes, children, raw: null };
  }

  private attribute(): AttributeItem | null {
    const name: ValuePart[] = [];
    for (;;) {
      const part = this.tag() ?? this.text((from) => from + this.source.slice(from).search(/[\s=>/]|$/));
      if (part === null) break;
      name.push(part);
    }
    const [first] = name;
    if (first === undefined) return null;
    let value: Attribute['value'] = null;
    if (this.source.startsWith('="', this.at)) {
      this.at += 2;
      value = this.items(() => this.tag() ?? this.text((from) => this.source.indexOf('"', from)));
      this.word(/(")/y);
    }
    if (value === null && (first.kind === 'output' || first.kind === 'note')) return first;
    return { kind: 'attribute', name, value };
  }

  /** Text up to the place `ends` finds, or up to the next tag; null if there is none. */
  private text(ends: (from: number) => number): ValuePart | null {
    const tag = this.source.indexOf('<%', this.at);
    const place = ends(this.at);
    const end = Math.min(tag < 0 ? this.source.length : tag, place < 0 ? this.source.length : place);
    if (end === this.at) return null;
    const text = this.source.slice(this.at, end);
    this.at = end;
    return { kind: 'text', text };
  }

  private skipSpace(): void {
    if (this.waiting.length === 0) this.word(/\s*/y);
  }

  private word(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = this.waiting.length > 0 ? null : pattern.exec(this.source);
    if (found === null) throw this.error(`${pattern.source} was expected`);
    this.at = pattern.lastIndex;
    return found[1] ?? '';
  }

  private error(what: string): Error {
    const before = this.source.slice(0, this.at).split('\n');
    return new Error(`line ${before.length}: ${what}`);
  }
}

/** What a template consists of once it is read; the printer and the rules walk these. */

/** `<%= code %>` is escaped, `<%- code %>` is not. */
export interface Output {
  readonly kind: 'output';
  readonly mark: '=' | '-';
  readonly code: string;
}

/** A statement that opens no block, such as a `const`. */
export interface Statement {
  readonly kind: 'statement';
  readonly code: string;
}

/** `<%# note %>` */
export interface Note {
  readonly kind: 'note';
  readonly text: string;
}

/** `if … else …`, `for …` and the like: what lies between `{` and `}` is items of the place it is written in. */
export interface Block<Item> {
  readonly kind: 'block';
  readonly branches: readonly {
    readonly head: string;
    readonly body: readonly (Item | Block<Item> | Statement)[];
  }[];
  /** `}` */
  readonly tail: string;
}

export interface Text {
  readonly kind: 'text';
  readonly text: string;
}

/** A doctype or an HTML comment, as written. */
export interface Literal {
  readonly kind: 'literal';
  readonly text: string;
}

export interface Attribute {
  readonly kind: 'attribute';
  readonly name: readonly ValuePart[];
  /** null: an attribute without a value. */
  readonly value: readonly ValuePart[] | null;
}

export interface Element {
  readonly kind: 'element';
  readonly name: string;
  readonly attributes: readonly AttributeItem[];
  /** null: the element has no end tag. */
  readonly children: readonly Node[] | null;
  /** The content as written, of elements in which every space counts. */
  readonly raw: readonly ValuePart[] | null;
}

export type ValuePart = Text | Output | Statement | Note | Block<ValuePart>;
export type AttributeItem = Attribute | Output | Statement | Note | Block<AttributeItem>;
export type Node = Text | Literal | Element | Output | Statement | Note | Block<Node>;

import { decode, decodeExact, type DecodeOptions, type Doc } from '../bson.js';
import { trim, type Kept } from '../trim.js';

/** A document that passed. */
export interface Found {
  readonly seq: number;
  readonly bytes: Buffer;
  readonly doc: Doc;
  /** The document, or as much of it as a projection keeps, whichever is less work. */
  part(kept: Kept): Doc;
}

/** A document that was decoded to be judged. */
export class DecodedFound implements Found {
  constructor(
    readonly seq: number,
    readonly bytes: Buffer,
    readonly doc: Doc,
  ) {}

  part(): Doc {
    return this.doc;
  }
}

/** Decodes when, and if, the document is looked at. */
export class LazyFound implements Found {
  #doc: Doc | undefined;

  constructor(
    readonly seq: number,
    readonly bytes: Buffer,
    private readonly exact: boolean,
    private readonly options: DecodeOptions | undefined,
  ) {}

  get doc(): Doc {
    this.#doc ??= this.#decode(this.bytes);
    return this.#doc;
  }

  part(kept: Kept): Doc {
    return this.#doc ?? this.#decode(trim(this.bytes, kept));
  }

  #decode(bytes: Buffer): Doc {
    return this.exact ? decodeExact(bytes) : decode(bytes, this.options);
  }
}

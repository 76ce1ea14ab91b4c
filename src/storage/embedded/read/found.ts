import { decode, decodeExact, type DecodeOptions, type Doc } from '../bson.js';
import { decodePart, type Kept } from '../decode-part.js';

/** A document that passed. */
export interface Found {
  readonly seq: number;
  readonly bytes: Buffer;
  readonly doc: Doc;
  /** What a projection makes of the document. @param kept what it leaves of it: the rest need not be decoded */
  part(kept: Kept, project: (doc: Doc) => Doc): Doc;
}

/** A document that was decoded to be judged. */
export class DecodedFound implements Found {
  constructor(
    readonly seq: number,
    readonly bytes: Buffer,
    readonly doc: Doc,
  ) {}

  part(_kept: Kept, project: (doc: Doc) => Doc): Doc {
    return project(this.doc);
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
    this.#doc ??= this.exact ? decodeExact(this.bytes) : decode(this.bytes, this.options);
    return this.#doc;
  }

  part(kept: Kept, project: (doc: Doc) => Doc): Doc {
    const isPlain = this.#doc === undefined && !this.exact && this.options === undefined;
    return (isPlain ? decodePart(this.bytes, kept) : undefined) ?? project(this.doc);
  }
}

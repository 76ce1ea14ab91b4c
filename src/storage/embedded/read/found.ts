import { decode, decodeExact, type DecodeOptions, type Doc } from '../bson.js';

/** A document that passed. */
export interface Found {
  readonly seq: number;
  readonly bytes: Buffer;
  readonly doc: Doc;
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
}

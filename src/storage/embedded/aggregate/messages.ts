/** What the thread and its owner say to each other. Documents travel as BSON, so that types survive. */
export interface StartMessage {
  readonly kind: 'start';
  readonly id: number;
  readonly collection: string;
  /** BSON of `{ pipeline, collation, hint, decode }`. */
  readonly request: Uint8Array;
  readonly maxTimeMs: number;
  /** What `$$NOW` is, in milliseconds. */
  readonly now: number;
}

export type ToThread =
  | StartMessage
  /** The next batch is wanted: one is under way at most, so that neither side heaps them up. */
  | { readonly kind: 'more'; readonly id: number }
  | { readonly kind: 'stop'; readonly id: number }
  | { readonly kind: 'quit' };

export type FromThread =
  | { readonly kind: 'batch'; readonly id: number; readonly docs: readonly Uint8Array[] }
  | { readonly kind: 'end'; readonly id: number }
  | { readonly kind: 'error'; readonly id: number; readonly error: ToldError };

export interface ToldError {
  readonly message: string;
  /** Of a MongoServerError. */
  readonly code?: number;
  readonly codeName?: string;
  /** A StorageError. */
  readonly storage?: boolean;
}

/** What the thread is started with. */
export interface ThreadData {
  readonly path: string;
  readonly name: string;
}

/** What is wrong with the database as a whole, in one line fit for a terminal: no password, no stack. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  /** True if there is no space left for what was to be written. */
  readonly full: boolean;

  constructor(message: string, { full = false, ...options }: ErrorOptions & { full?: boolean } = {}) {
    super(message, options);
    this.full = full;
  }
}

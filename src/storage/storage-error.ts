/** What is wrong with the database as a whole, in one line fit for a terminal: no password, no stack. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

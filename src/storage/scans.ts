/** A search that no index helped, or not enough. Names fields, never values: those may be personal. */
export interface Scan {
  readonly collection: string;
  /** The fields its filter asks about. */
  readonly fields: readonly string[];
  /** The index it read by; undefined when it read the collection. */
  readonly index: string | undefined;
  /** Documents looked at so far. */
  readonly documents: number;
}

/** A switch for finding queries that lack an index; off unless given. Embedded engine only. */
export interface ScanWatch {
  /** Documents a search may look at in vain before it is told of. */
  readonly above?: number;
  /** Called once per search, while it runs. */
  tell(scan: Scan): void;
}

export const SCAN_LIMIT = 1000;

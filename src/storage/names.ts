/** Collections of the storage's own, beside those of the features. */

/** The migrations that have run; copied with the database. */
export const MIGRATED = 'storage_migrations';
/** Leases for work that only one process may do. Not copied. */
export const LOCKS = 'storage_locks';
/** Progress of a copy into this database. Not copied. */
export const TRANSFERS = 'storage_transfers';

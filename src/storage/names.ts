/** Collections of the storage's own, beside those of the features. */

/** Which migrations the database has seen; carried along by copies. */
export const MIGRATED = 'storage_migrations';
/** Who does alone what only one process may do. Means nothing in another database. */
export const LOCKS = 'storage_locks';
/** How far a copy into this database is. Means nothing in another database. */
export const TRANSFERS = 'storage_transfers';

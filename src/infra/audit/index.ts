import type { Clock } from '../../shared/clock.js';
import type { RetentionRule } from '../../shared/retention.js';
import type { Storage } from '../../storage/index.js';
import {
  createAuditStore,
  type AuditActor,
  type AuditEntry,
  type AuditFilter,
  type AuditSubject,
  type AuditValues,
} from './audit.store.js';

export { ACTIONS } from './audit.store.js';
export type {
  AuditAction,
  AuditActor,
  AuditEntry,
  AuditFilter,
  AuditSubject,
  AuditValues,
} from './audit.store.js';
export { changed } from './changed.js';
export { masked } from './masked.js';

export interface NewAuditEntry extends Pick<AuditEntry, 'actor' | 'action'> {
  readonly effective?: AuditActor;
  readonly subject: AuditSubject;
  readonly before?: AuditValues;
  readonly after?: AuditValues;
  /** Names a deed whose work may be carried through twice, after a crash: it is told once. */
  readonly once?: string;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly page: number;
  readonly pages: number;
}

/** What was done in the application, by whom and to what. Append-only: it offers no way to change or remove an entry. */
export interface Audit {
  append(entry: NewAuditEntry): Promise<void>;
  /** @param page from 1; beyond the last one there is nothing */
  read(page: number, filter?: AuditFilter): Promise<AuditPage>;
  /** Entries end by their age, where an administrator has set one. */
  readonly retention: RetentionRule;
}

const PAGE = 50;
/** Who looks further back than 10,000 entries asks the database. */
export const MAX_PAGES = 200;

export function createAudit({ storage, clock }: { storage: Storage; clock: Clock }): Audit {
  const store = createAuditStore(storage.connection);
  return {
    append: ({ effective, before = {}, after = {}, once, ...entry }) =>
      store.append({ ...entry, at: clock.now(), effective: effective ?? null, before, after }, once),
    retention: {
      name: 'audit',
      months: [12, 24, 36, 60, 120],
      usual: null,
      count: (before) => store.count({ to: before }),
      remove: (before, limit) => store.removeBefore(before, limit),
    },
    async read(page, filter = {}) {
      const [entries, total] = await Promise.all([
        store.read(filter, (page - 1) * PAGE, PAGE),
        store.count(filter),
      ]);
      return { entries, page, pages: Math.min(MAX_PAGES, Math.max(1, Math.ceil(total / PAGE))) };
    },
  };
}
export { auditCollections } from './personal-collections.js';

import { userInfo } from 'node:os';
import { createAudit, type NewAuditEntry } from '../src/infra/audit/index.js';
import { systemClock } from '../src/shared/clock.js';
import type { Storage } from '../src/storage/index.js';

/** In the audit log it stands as the terminal's, with the name of the server's account. */
export const TERMINAL = { kind: 'terminal', id: '', name: userInfo().username } as const;

/** What a command has done stands in the log beside what is done on the web. */
export const noteDone = (storage: Storage, entry: Omit<NewAuditEntry, 'actor'>): Promise<void> =>
  createAudit({ storage, clock: systemClock }).append({ ...entry, actor: TERMINAL });

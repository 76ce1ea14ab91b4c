import { newToken } from '../../shared/ids.js';
import { readProcessIdentity, type ProcessIdentity } from '../../shared/process-identity.js';

const SEPARATOR = '/';

/** Fence tokens that say which process they are of. */
export interface LeaseTokens {
  next(): string;
  /** Returns true only if the process that made the token ran on this machine and has ended. */
  isOfEnded(token: string): boolean;
}

export function createLeaseTokens(identity: ProcessIdentity = readProcessIdentity()): LeaseTokens {
  return {
    next: () => (identity.own === '' ? newToken() : `${identity.own}${SEPARATOR}${newToken()}`),
    isOfEnded(token) {
      const [holder = '', ...rest] = token.split(SEPARATOR);
      return rest.length === 1 && identity.hasEnded(holder);
    },
  };
}

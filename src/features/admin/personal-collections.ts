import type { PersonalCollection } from '../../shared/personal-collections.js';

const OWN_ACCOUNT = { not: 'belongs to an account of this tool, which its owner sees on the account page' };

export const adminCollections: readonly PersonalCollection[] = [
  {
    model: 'Admin',
    holds: 'login, digest of the password and second factor of an administrator',
    exported: OWN_ACCOUNT,
    erasure: 'expires',
    merge: 'keeps',
    retention: 'without end; an account is disabled, not removed',
  },
  {
    model: 'AdminSession',
    holds: 'address and browser of an administrator; id of an administrator of an LMS',
    exported: OWN_ACCOUNT,
    erasure: 'deletes',
    merge: 'keeps',
    retention: '12 hours at most; 30 minutes without a request',
  },
  {
    model: 'AdminTry',
    holds: 'digests of logins, addresses and browsers with failed tries',
    exported: { not: 'names no person' },
    erasure: 'expires',
    merge: 'keeps',
    retention: 'hours, by expiry',
  },
  {
    model: 'AdminCode',
    holds: 'id of an administrator of an LMS who is entering /admin',
    exported: { not: 'ends within minutes' },
    erasure: 'expires',
    merge: 'keeps',
    retention: '2 minutes',
  },
];

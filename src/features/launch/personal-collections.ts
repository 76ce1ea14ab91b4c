import type { PersonalCollection } from '../../shared/personal-collections.js';

const SHORT_LIVED = { not: 'ends within hours' };

export const launchCollections: readonly PersonalCollection[] = [
  {
    model: 'Session',
    holds: 'id, name, roles and courses of the persons of one browser',
    exported: SHORT_LIVED,
    erasure: 'expires',
    merge: 'keeps',
    retention: '8 hours without a request; after an erasure it opens nothing',
  },
  {
    model: 'Handover',
    holds: 'id, name and role of a launch that continues in another window',
    exported: SHORT_LIVED,
    erasure: 'expires',
    merge: 'keeps',
    retention: '5 minutes',
  },
  {
    model: 'DeepLinkRequest',
    holds: 'id of the teacher who is choosing content',
    exported: SHORT_LIVED,
    erasure: 'expires',
    merge: 'keeps',
    retention: '4 hours, or until the answer',
  },
  {
    model: 'LoggedLaunch',
    holds: 'a keyed digest in place of the person; claims with personal values masked',
    exported: { not: 'names no person' },
    erasure: 'expires',
    merge: 'keeps',
    retention: 'the last 1,000 launches',
  },
];

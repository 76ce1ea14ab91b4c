import type { PersonalCollection } from '../../shared/personal-collections.js';

const SHORT_LIVED = { not: 'ends within hours' };

export const launchCollections: readonly PersonalCollection[] = [
  {
    model: 'Session',
    holds: 'id and name of the person of one browser in one course',
    exported: SHORT_LIVED,
    erasure: 'deletes',
    merge: 'moves',
    retention: '8 hours without a request, a day at most',
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

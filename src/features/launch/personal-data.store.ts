import type { PersonalData } from '../../shared/personal-data.js';
import type { SessionsStore } from './sessions.store.js';

/** Sessions hold a person's name: they end with an erasure, and with a merge, whose people launch again. */
export const createSessionsPersonalData = (sessions: Pick<SessionsStore, 'endOf'>): PersonalData => ({
  // Listed with the other collections of launches.
  collections: [],
  dataOf: () => Promise.resolve({}),
  holds: () => Promise.resolve([]),
  erase: ({ personId }) => sessions.endOf(personId),
  clashes: () => Promise.resolve([]),
  move: ({ personId }) => sessions.endOf(personId),
});

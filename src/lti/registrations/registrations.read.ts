import { SECOND, type Clock } from '../../shared/clock.js';
import { DomainError } from '../../shared/errors.js';
import type { Registrations } from './registrations.js';
import type { Registration, RegistrationsStore } from './registrations.store.js';

/** The reading part of `Registrations`. Launches and sessions read from a cache of two seconds. */
export interface RegistrationReads extends Pick<
  Registrations,
  'list' | 'find' | 'findOptionalById' | 'activeOf' | 'knownOf' | 'isActive'
> {
  /** Finds a registration that is not removed. @throws DomainError `registration-not-found` */
  readonly findById: (id: string) => Promise<Registration>;
  /** Drops the cache after a change. */
  readonly clear: () => void;
}

const CACHE_MS = 2 * SECOND;

export function createRegistrationReads(store: RegistrationsStore, clock: Clock): RegistrationReads {
  let cache: { until: number; all: Promise<Registration[]> } | undefined;

  /** Returns all registrations, read at most every two seconds, because another process may change them. */
  function all(): Promise<Registration[]> {
    const now = clock.now().getTime();
    if (cache === undefined || now >= cache.until || now < cache.until - CACHE_MS) {
      cache = { until: now + CACHE_MS, all: store.all() };
      cache.all.catch(() => (cache = undefined));
    }
    return cache.all;
  }

  /** A registration of the last two seconds may be missing in the cached list. */
  async function findOptionalById(id: string): Promise<Registration | null> {
    return (await all()).find((registration) => registration.id === id) ?? store.findOptionalById(id);
  }

  /** A registration of the last two seconds may be missing in the cached list. */
  async function matching(
    matches: (registration: Registration) => boolean,
    issuer: string,
  ): Promise<Registration[]> {
    const known = (await all()).filter(matches);
    return known.length > 0 ? known : (await store.ofIssuer(issuer)).filter(matches);
  }

  return {
    clear: () => {
      cache = undefined;
    },
    findById: async (id) => {
      const found = await store.findOptionalById(id);
      if (found === null || found.state === 'removed') throw new DomainError('registration-not-found', 404);
      return found;
    },
    list: async () => (await store.all()).filter(({ state }) => state !== 'removed'),
    async find(issuer, clientId) {
      const found = (await store.ofIssuer(issuer)).filter(
        (registration) =>
          registration.state !== 'removed' && (clientId === undefined || registration.clientId === clientId),
      );
      if (found.length > 1) throw new DomainError('registration-ambiguous', 409);
      if (found[0] === undefined) throw new DomainError('registration-not-found', 404);
      return found[0];
    },
    findOptionalById,
    activeOf: (issuer, clientId) =>
      matching(
        (registration) =>
          registration.issuer === issuer &&
          registration.state === 'active' &&
          (clientId === undefined || registration.clientId === clientId),
        issuer,
      ),
    knownOf: (issuer, clientId) =>
      matching(
        (registration) =>
          registration.issuer === issuer &&
          registration.state !== 'removed' &&
          (clientId === undefined || registration.clientId === clientId),
        issuer,
      ),
    isActive: async (id) => (await findOptionalById(id))?.state === 'active',
  };
}

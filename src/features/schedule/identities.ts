import { createRegistry, type Registry } from '../../shared/registry.js';

/** Returns the other ids under which these people are known, each list with the id that was asked for. */
export type IdentitySource = (personIds: readonly string[]) => Promise<readonly (readonly string[])[]>;

export interface Identities {
  /** What knows that two ids are one person, such as the directory's cards. */
  readonly sources: Registry<IdentitySource>;
  /** All ids of each person, the given one first. */
  idsOf(personIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
}

/**
 * A person is known to each LMS under an id of their own. Time is claimed under all ids of a person: who teaches here
 * and studies there is in one place at a time.
 */
export function createIdentities(): Identities {
  const sources = createRegistry<IdentitySource>();
  return {
    sources,
    async idsOf(personIds) {
      const wanted = [...new Set(personIds)];
      const groups = (await Promise.all(sources.all().map((source) => source(wanted)))).flat();
      return new Map(
        wanted.map((id) => [id, [...new Set([id, ...groups.filter((group) => group.includes(id)).flat()])]]),
      );
    },
  };
}

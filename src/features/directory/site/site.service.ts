import { stale } from '../refusals.js';
import type { SiteSettings } from './site.js';
import type { SiteStore, StoredSite } from './site.store.js';

/** The centre's words and channels on its open pages. */
export interface SiteService {
  find(): Promise<SiteSettings>;
  /** With the version that a form is made from. */
  stored(): Promise<StoredSite>;
  /** @throws DomainError `directory-stale` (409) when it was saved since the form was opened */
  save(version: number, settings: SiteSettings): Promise<void>;
  /** For seeds and tests: changes some of it, whatever is saved. */
  change(some: Partial<SiteSettings>): Promise<void>;
}

export const createSiteService = (store: SiteStore): SiteService => ({
  find: async () => (await store.find()).settings,
  stored: () => store.find(),
  async save(version, settings) {
    if (!(await store.save(version, settings))) throw stale();
  },
  async change(some) {
    for (;;) {
      const { version, settings } = await store.find();
      if (await store.save(version, { ...settings, ...some })) return;
    }
  },
});

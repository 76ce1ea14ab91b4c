import type { Files, UploadedFile } from '../../../infra/files/index.js';
import { badInput } from '../../../shared/errors.js';
import { logoOf, PORTRAIT_TYPE } from '../cards/portrait.js';
import { stale } from '../refusals.js';
import type { SiteSettings } from './site.js';
import type { SiteStore, StoredSite } from './site.store.js';

/** The centre's words, channels and logo on its open pages. */
export interface SiteService {
  find(): Promise<SiteSettings>;
  /** With the version that a form is made from. */
  stored(): Promise<StoredSite>;
  /** @throws DomainError `directory-stale` (409) when it was saved since the form was opened */
  save(version: number, settings: Omit<SiteSettings, 'logo'>): Promise<void>;
  /** Puts the logo in the place of the one that is there. @throws DomainError `bad-input` on `logo` */
  putLogo(upload: UploadedFile | undefined, by: string): Promise<void>;
  /** For seeds: puts a picture that needs no fitting. */
  putDrawnLogo(picture: Buffer): Promise<void>;
  removeLogo(): Promise<void>;
  /** For seeds and tests: changes some of it, whatever is saved. */
  change(some: Partial<SiteSettings>): Promise<void>;
}

const OWNER = { kind: 'centre-logo', id: 'site' } as const;
const MEGABYTE = 1024 * 1024;

export function createSiteService(store: SiteStore, files: Files): SiteService {
  files.defineOwner({
    kind: OWNER.kind,
    // The one that is shown, and those of uploads under way or cut short.
    maxFiles: 5,
    maxBytes: 5 * MEGABYTE,
    mayRead: async (_actor, { id }) => (await store.find()).settings.logo === id,
    inUse: async () => [(await store.find()).settings.logo].filter((id) => id !== ''),
  });

  async function change(some: Partial<SiteSettings>): Promise<void> {
    for (;;) {
      const { version, settings } = await store.find();
      if (await store.save(version, { ...settings, ...some })) return;
    }
  }

  async function replaceLogo(picture: Buffer, uploadedBy: string): Promise<void> {
    const { logo: before } = (await store.find()).settings;
    const file = await files.store({
      ...{ owner: OWNER, uploadedBy, name: 'logo.webp', type: PORTRAIT_TYPE },
      source: { buffer: picture },
    });
    await change({ logo: file.id });
    if (before !== '') await files.remove([before]);
  }

  return {
    find: async () => (await store.find()).settings,
    stored: () => store.find(),
    change,
    async save(version, settings) {
      if (!(await store.save(version, settings))) throw stale();
    },
    async putLogo(upload, by) {
      if (upload === undefined) throw badInput({ logo: 'errors.field.missing' });
      await replaceLogo(await logoOf(upload.path, upload.name), by);
    },
    putDrawnLogo: (picture) => replaceLogo(picture, ''),
    async removeLogo() {
      const { logo } = (await store.find()).settings;
      if (logo === '') return;
      await change({ logo: '' });
      await files.remove([logo]);
    },
  };
}

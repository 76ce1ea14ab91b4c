import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../../../storage/index.js';
import { USUAL_SITE, type SiteSettings } from './site.js';
import { changesDirectory } from '../version.store.js';

export interface StoredSite {
  readonly settings: SiteSettings;
  /** Grows by one with every change; 0 before the first. */
  readonly version: number;
}

type Row = SiteSettings & { _id: string; version: number };

const ONLY = 'site';

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true },
    about: { type: String, default: '' },
    postalAddress: { type: String, default: '' },
    help: { type: String, default: '' },
    contacts: {
      type: [new Schema({ kind: String, value: String, purpose: String, hours: String }, { _id: false })],
      default: [],
    },
    kinds: { type: [String], default: [] },
    divisionDocument: { type: String, default: '' },
    logo: { type: String, default: '' },
  },
  { collection: 'directory_site', versionKey: false },
);

schema.plugin(changesDirectory);

export interface SiteStore {
  find(): Promise<StoredSite>;
  /** Writes over exactly this version. Returns false when there is another by now. */
  save(version: number, settings: Omit<SiteSettings, 'logo'> & Partial<SiteSettings>): Promise<boolean>;
}

export function createSiteStore(connection: Connection): SiteStore {
  const model = connection.model('DirectorySite', schema);
  return {
    async find() {
      const row = await model.findById(ONLY).lean<Row>();
      if (row === null) return { settings: USUAL_SITE, version: 0 };
      const { version, about, postalAddress, help, contacts, kinds, divisionDocument } = row;
      // Absent in a document that is older than logos.
      const logo = (row.logo as string | undefined) ?? '';
      return { settings: { about, postalAddress, help, contacts, kinds, divisionDocument, logo }, version };
    },
    async save(version, settings) {
      if (version > 0) {
        const { matchedCount } = await model.updateOne(
          { _id: ONLY, version },
          { $set: settings, $inc: { version: 1 } },
        );
        return matchedCount > 0;
      }
      try {
        await model.create({ ...settings, _id: ONLY, version: 1 });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
  };
}

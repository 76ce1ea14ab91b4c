import { Schema, type Connection } from 'mongoose';
import { UNSAID, type Centre } from '../../shared/centre-settings.js';
import { isDuplicateKey } from '../../storage/index.js';

/** A platform whose own administrators may enter the administrator's room. */
export interface AdmittedPlatform {
  readonly id: string;
  /** Whose keys vouched for them when it was decided: under other keys the decision is over. */
  readonly jwksUrl: string;
}

/** What the administrator sets for the whole centre. */
export interface Settings extends Centre {
  /** What becomes of launches from unlisted deployments of platforms that are registered from now on. */
  readonly unknownDeployments: 'ask' | 'accept';
  /** A course's roster is read again when it is older; 0: only by the button; null: as the environment says. */
  readonly rosterHours: number | null;
  readonly administrators: readonly AdmittedPlatform[];
}

const UNSET: Settings = {
  ...UNSAID,
  unknownDeployments: 'ask',
  rosterHours: null,
  administrators: [],
};

export interface Stored {
  readonly settings: Settings;
  /** Grows by one with every change; 0 before the first. */
  readonly version: number;
}

interface Row extends Settings {
  _id: string;
  version: number;
}

const THE_ONE = 'centre';

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true },
    names: new Schema({ ru: String, en: String }, { _id: false }),
    site: String,
    zone: String,
    locale: String,
    unknownDeployments: String,
    rosterHours: Number,
    administrators: [new Schema<AdmittedPlatform>({ id: String, jwksUrl: String }, { _id: false })],
  },
  { collection: 'centre', versionKey: false },
);

export function createCentreStore(connection: Connection) {
  const model = connection.model('Centre', schema);
  return {
    async find(): Promise<Stored> {
      const row = await model.findById(THE_ONE).lean<Partial<Row> & Pick<Row, 'version'>>();
      if (row === null) return { settings: UNSET, version: 0 };
      // A record may lack what was thought of later.
      return {
        version: row.version,
        settings: {
          names: row.names ?? UNSET.names,
          site: row.site ?? UNSET.site,
          zone: row.zone ?? UNSET.zone,
          locale: row.locale ?? UNSET.locale,
          unknownDeployments: row.unknownDeployments ?? UNSET.unknownDeployments,
          rosterHours: row.rosterHours ?? UNSET.rosterHours,
          administrators: row.administrators ?? UNSET.administrators,
        },
      };
    },
    /** Writes over exactly this version. @returns false when there is another by now */
    async save(version: number, settings: Settings): Promise<boolean> {
      if (version > 0) {
        const { matchedCount } = await model.updateOne(
          { _id: THE_ONE, version },
          { $set: settings, $inc: { version: 1 } },
        );
        return matchedCount > 0;
      }
      try {
        await model.create({ ...settings, _id: THE_ONE, version: 1 });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
  };
}

import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../../storage/index.js';
import { settingsFields } from './settings.fields.js';

/** A platform whose own administrators may enter the administrator's room. */
export interface AdmittedPlatform {
  readonly id: string;
  /** Whose keys vouched for them when it was decided: under other keys the decision is over. */
  readonly jwksUrl: string;
}

/** What the administrator sets for the whole centre. */
export type Settings = typeof settingsFields.usual & {
  readonly administrators: readonly AdmittedPlatform[];
};

export interface Stored {
  readonly settings: Settings;
  /** Grows by one with every change; 0 before the first. */
  readonly version: number;
}

type Row = Settings & { _id: string; version: number };

const THE_ONE = 'centre';

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true },
    ...settingsFields.columns,
    administrators: [new Schema<AdmittedPlatform>({ id: String, jwksUrl: String }, { _id: false })],
  },
  { collection: 'centre', versionKey: false },
);

export function createCentreStore(connection: Connection) {
  const model = connection.model('Centre', schema);
  return {
    async find(): Promise<Stored> {
      const row = await model.findById(THE_ONE).lean<Partial<Row> & Pick<Row, 'version'>>();
      return {
        version: row?.version ?? 0,
        settings: { ...settingsFields.pick(row ?? {}), administrators: row?.administrators ?? [] },
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

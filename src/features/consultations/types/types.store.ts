import { Schema, Types, type Connection } from 'mongoose';
import { isDuplicateKey, modelOf } from '../../../storage/index.js';
import { typeFields, type TypeRules } from './types.fields.js';

/** A type that an administrator has made or changed. */
export interface StoredType {
  readonly id: string;
  readonly rules: TypeRules;
  /** Archived: no new series begin from it. */
  readonly archived: boolean;
  /** Rises with every change. */
  readonly version: number;
}

type Row = TypeRules & { _id: string; archived: boolean; version: number };

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    ...typeFields.columns,
    archived: { type: Boolean, default: false },
    version: { type: Number, required: true },
  },
  { collection: 'consultation_types', versionKey: false },
);

const plain = (row: Row): StoredType => ({
  id: row._id,
  rules: typeFields.pick(row),
  archived: row.archived,
  version: row.version,
});

export interface TypesStore {
  list(): Promise<StoredType[]>;
  insert(rules: TypeRules): Promise<string>;
  /**
   * Writes over exactly this version; 0: a built-in type that was never changed.
   * @returns false when there is another by now
   */
  save(
    id: string,
    version: number,
    change: Partial<TypeRules> & { readonly archived?: boolean },
  ): Promise<boolean>;
}

export function createTypesStore(connection: Connection): TypesStore {
  const model = modelOf(connection, 'ConsultationType', schema);
  return {
    async list() {
      return (await model.find({}).sort({ _id: 1 }).lean<Row[]>()).map(plain);
    },
    async insert(rules) {
      const id = new Types.ObjectId().toString();
      await model.create({ ...rules, _id: id, archived: false, version: 1 });
      return id;
    },
    async save(id, version, change) {
      if (version > 0) {
        const { matchedCount } = await model.updateOne(
          { _id: id, version },
          { $set: change, $inc: { version: 1 } },
        );
        return matchedCount > 0;
      }
      try {
        await model.create({ ...change, _id: id, version: 1 });
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return false;
      }
    },
  };
}

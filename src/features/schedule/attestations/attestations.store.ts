import { Schema, type Connection, type Types } from 'mongoose';
import { modelOf } from '../../../storage/index.js';

export const ATTESTATIONS = ['interim', 'final'] as const;
export type AttestationKind = (typeof ATTESTATIONS)[number];

/** The day on which a course's students are attested. */
export interface Attestation {
  readonly id: string;
  readonly courseId: string;
  readonly kind: AttestationKind;
  readonly title: string;
  /** `YYYY-MM-DD`. */
  readonly on: string;
}

type Row = Omit<Attestation, 'id'>;
type Found = Row & { _id: Types.ObjectId };

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    kind: { type: String, required: true },
    title: { type: String, default: '' },
    on: { type: String, required: true },
  },
  { collection: 'attestations', versionKey: false },
);
schema.index({ courseId: 1, on: 1 });
schema.index({ on: 1 });

const plain = ({ _id, courseId, kind, title, on }: Found): Attestation => ({
  ...{ courseId, kind, title, on },
  id: _id.toString(),
});

export interface AttestationsStore {
  /** By date. */
  list(courseId: string): Promise<Attestation[]>;
  /** Of all courses, by date. @param from `YYYY-MM-DD`, as `to`; both included */
  listBetween(from: string, to: string): Promise<Attestation[]>;
  findOptional(courseId: string, id: string): Promise<Attestation | null>;
  insert(attestation: Omit<Attestation, 'id'>): Promise<Attestation>;
  /** Returns null when there is none of this id in the course. */
  save(
    courseId: string,
    id: string,
    change: Omit<Attestation, 'id' | 'courseId'>,
  ): Promise<Attestation | null>;
  /** Returns whether there was one. */
  remove(courseId: string, id: string): Promise<boolean>;
}

export function createAttestationsStore(connection: Connection): AttestationsStore {
  const model = modelOf(connection, 'Attestation', schema);
  return {
    async list(courseId) {
      return (await model.find({ courseId }).sort({ on: 1, _id: 1 }).lean<Found[]>()).map(plain);
    },
    async listBetween(from, to) {
      const rows = await model
        .find({ on: { $gte: from, $lte: to } })
        .sort({ on: 1, _id: 1 })
        .lean<Found[]>();
      return rows.map(plain);
    },
    async findOptional(courseId, id) {
      const row = await model.findOne({ _id: id, courseId }).lean<Found>();
      return row && plain(row);
    },
    async insert(attestation) {
      return plain((await model.create(attestation)).toObject());
    },
    async save(courseId, id, change) {
      const row = await model
        .findOneAndUpdate({ _id: id, courseId }, { $set: change }, { returnDocument: 'after' })
        .lean<Found>();
      return row && plain(row);
    },
    async remove(courseId, id) {
      return (await model.deleteOne({ _id: id, courseId })).deletedCount > 0;
    },
  };
}

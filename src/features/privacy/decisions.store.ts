import { Schema, type Connection } from 'mongoose';
import type { AuditActor } from '../../infra/audit/index.js';
import { withMark, type AnyModel } from '../../infra/events/index.js';
import { isDuplicateKey } from '../../storage/index.js';

/** What was decided about a person. It is stored until it has been carried out. */
export interface Decision {
  readonly personId: string;
  readonly kind: 'erase' | 'merge';
  /** The person that this one becomes part of; '' when erased. */
  readonly intoId: string;
  /** Where the person was seen: memberships, by which the rest is found, go meanwhile. */
  readonly courseIds: readonly string[];
  readonly by: AuditActor;
}

interface Row extends Omit<Decision, 'personId'> {
  _id: string;
  /** The person, and the one they become part of. Unique: nothing else is decided about either meanwhile. */
  persons: string[];
  /** The mark that makes the job run which carries it out. */
  dueAt?: Date;
}

export const DECISION_MARK = 'dueAt';

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    intoId: { type: String, default: '' },
    persons: { type: [String], required: true },
    courseIds: { type: [String], default: [] },
    by: { type: new Schema({ kind: String, id: String, name: String }, { _id: false }), required: true },
  },
  { collection: 'person_decisions', versionKey: false },
);
schema.index({ persons: 1 }, { unique: true });
schema.plugin(withMark(DECISION_MARK));

export interface DecisionsStore {
  /** Has the mark `DECISION_MARK`. */
  readonly model: AnyModel;
  /** Stores a decision. Returns false when another one about one of its persons is not carried out yet. */
  insert(decision: Decision, now: Date): Promise<boolean>;
  findOptional(personId: string): Promise<Decision | null>;
  remove(personId: string): Promise<void>;
}

export function createDecisionsStore(connection: Connection): DecisionsStore {
  const model = connection.model('PersonDecision', schema);
  return {
    model,

    async insert({ personId, ...decision }, now) {
      const persons = decision.intoId === '' ? [personId] : [personId, decision.intoId];
      try {
        await model.create({ ...decision, _id: personId, persons, [DECISION_MARK]: now });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    async findOptional(personId) {
      const row = await model.findById(personId).lean<Row>();
      if (row === null) return null;
      const { kind, intoId, courseIds, by } = row;
      return { personId, kind, intoId, courseIds, by: { kind: by.kind, id: by.id, name: by.name } };
    },

    async remove(personId) {
      await model.deleteOne({ _id: personId });
    },
  };
}

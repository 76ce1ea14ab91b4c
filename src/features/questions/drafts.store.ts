import { Schema, type Connection } from 'mongoose';
import { DAY, SECOND } from '../../shared/clock.js';
import { modelOf } from '../../storage/index.js';

/** What a person has typed and not sent yet. */
interface Row {
  personId: string;
  courseId: string;
  /** `new`, or the id of the question that is answered. */
  place: string;
  text: string;
  at: Date;
}

const KEPT_MS = 60 * DAY;

const schema = new Schema<Row>(
  {
    personId: { type: String, required: true },
    courseId: { type: String, required: true },
    place: { type: String, required: true },
    text: { type: String, default: '' },
    at: { type: Date, required: true },
  },
  { collection: 'question_drafts', versionKey: false },
);
schema.index({ personId: 1, courseId: 1, place: 1 }, { unique: true });
schema.index({ at: 1 }, { expireAfterSeconds: KEPT_MS / SECOND });

export const draftsModel = (connection: Connection) => modelOf(connection, 'QuestionDraft', schema);

export interface DraftPlace {
  readonly personId: string;
  readonly courseId: string;
  readonly place: string;
}

export interface DraftsStore {
  /** '' where there is none. */
  find(place: DraftPlace): Promise<string>;
  save(place: DraftPlace, text: string, at: Date): Promise<void>;
  remove(place: DraftPlace): Promise<void>;
}

export function createDraftsStore(connection: Connection): DraftsStore {
  const model = draftsModel(connection);
  return {
    find: async ({ personId, courseId, place }) =>
      (await model.findOne({ personId, courseId, place }).lean())?.text ?? '',
    async save({ personId, courseId, place }, text, at) {
      await model.updateOne({ personId, courseId, place }, { $set: { text, at } }, { upsert: true });
    },
    async remove({ personId, courseId, place }) {
      await model.deleteOne({ personId, courseId, place });
    },
  };
}

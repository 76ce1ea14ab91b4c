import { Schema, type Connection, type Types } from 'mongoose';
import { z } from 'zod';
import {
  defineEvent,
  emitted,
  newEvent,
  withEvents,
  type AnyModel,
  type EmittingRow,
} from '../../../infra/events/index.js';
import { modelOf } from '../../../storage/index.js';

/** An invitation to those who have not booked, or a teacher's words to those who have. */
export interface ConsultationMessage {
  readonly id: string;
  readonly courseId: string;
  readonly kind: 'invitation' | 'message';
  /** The series that it is about; '' where it is about an attestation. */
  readonly seriesId: string;
  readonly attestationId: string;
  readonly text: string;
  /** Person ids of those to whom it goes. */
  readonly personIds: readonly string[];
  /** Person id. */
  readonly by: string;
  readonly at: Date;
}

/** A message was written; the event's document is the message. */
export const consultationMessageSent = defineEvent('consultation-message.sent', z.object({}));

export interface MessageRow extends Omit<ConsultationMessage, 'id' | 'personIds'>, EmittingRow {
  personIds: string[];
}

const schema = new Schema<MessageRow>(
  {
    courseId: { type: String, required: true },
    kind: { type: String, required: true },
    seriesId: { type: String, default: '' },
    attestationId: { type: String, default: '' },
    text: { type: String, default: '' },
    personIds: { type: [String], required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'consultation_messages', versionKey: false },
);
schema.plugin(withEvents);
schema.index({ personIds: 1 });
schema.index({ by: 1 });
// The last invitation to a series or an attestation.
schema.index({ courseId: 1, kind: 1, seriesId: 1, attestationId: 1, at: 1 });

export const messagesModel = (connection: Connection) => modelOf(connection, 'ConsultationMessage', schema);

type Found = MessageRow & { _id: Types.ObjectId };

export interface MessagesStore {
  /** Emits events. */
  readonly model: AnyModel;
  insert(message: Omit<ConsultationMessage, 'id'>): Promise<void>;
  findOptional(id: string): Promise<ConsultationMessage | null>;
  /** When those who had not booked were invited last; null if never. */
  lastInvitedAt(
    courseId: string,
    about: Pick<ConsultationMessage, 'seriesId' | 'attestationId'>,
  ): Promise<Date | null>;
}

export function createMessagesStore(connection: Connection): MessagesStore {
  const model = messagesModel(connection);
  return {
    model: model as AnyModel,
    async insert(message) {
      const event = newEvent(consultationMessageSent, {}, { at: message.at });
      await model.create({ ...message, personIds: [...message.personIds], ...emitted(event) });
    },
    async lastInvitedAt(courseId, { seriesId, attestationId }) {
      const row = await model
        .findOne({ courseId, kind: 'invitation', seriesId, attestationId })
        .sort({ at: -1 })
        .select({ at: 1 })
        .lean<Found>();
      return row?.at ?? null;
    },

    async findOptional(id) {
      const row = await model.findById(id).lean<Found>();
      if (row === null) return null;
      const { courseId, kind, seriesId, attestationId, text, personIds, by, at } = row;
      return { id, courseId, kind, seriesId, attestationId, text, personIds: [...personIds], by, at };
    },
  };
}

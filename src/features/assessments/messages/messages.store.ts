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

/** What a teacher wrote about a test to students chosen among its results. */
export interface TestMessage {
  readonly id: string;
  readonly courseId: string;
  readonly testId: string;
  readonly text: string;
  /** Person ids of those to whom it goes. */
  readonly personIds: readonly string[];
  /** Person id. */
  readonly by: string;
  readonly at: Date;
}

/** A message was written; the event's document is the message. */
export const testMessageSent = defineEvent('test-message.sent', z.object({}));

export interface TestMessageRow extends Omit<TestMessage, 'id' | 'personIds'>, EmittingRow {
  personIds: string[];
  /** Made by the form: sent twice, it is one message. */
  key: string;
}

const schema = new Schema<TestMessageRow>(
  {
    courseId: { type: String, required: true },
    testId: { type: String, required: true },
    text: { type: String, default: '' },
    personIds: { type: [String], required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
    key: { type: String, required: true },
  },
  { collection: 'test_messages', versionKey: false },
);
schema.plugin(withEvents);
schema.index({ key: 1 }, { unique: true });
schema.index({ personIds: 1 });
schema.index({ by: 1 });

export const testMessagesModel = (connection: Connection) => modelOf(connection, 'TestMessage', schema);

type Found = TestMessageRow & { _id: Types.ObjectId };

export interface TestMessagesStore {
  /** Emits events. */
  readonly model: AnyModel;
  /** Writes a message once per `key`. */
  insert(message: Omit<TestMessage, 'id'> & { readonly key: string }): Promise<void>;
  findOptional(id: string): Promise<TestMessage | null>;
}

export function createTestMessagesStore(connection: Connection): TestMessagesStore {
  const model = testMessagesModel(connection);
  return {
    model: model as AnyModel,
    async insert({ key, ...message }) {
      const event = newEvent(testMessageSent, {}, { at: message.at });
      await model.updateOne(
        { key },
        { $setOnInsert: { ...message, personIds: [...message.personIds], ...emitted(event) } },
        { upsert: true },
      );
    },
    async findOptional(id) {
      const row = await model.findById(id).lean<Found>();
      if (row === null) return null;
      const { courseId, testId, text, personIds, by, at } = row;
      return { id, courseId, testId, text, personIds: [...personIds], by, at };
    },
  };
}

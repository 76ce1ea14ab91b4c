import { Schema, type Connection } from 'mongoose';
import type { Locale } from '../../../i18n/index.js';
import { SECOND } from '../../../shared/clock.js';
import { createMemo } from '../../../shared/memo.js';

/** Words of a kind of message in a language, as the administrator has changed them. */
export interface Template {
  readonly kind: string;
  readonly locale: Locale;
  readonly subject: string;
  readonly text: string;
}

interface Row extends Template {
  /** `<kind>:<locale>` */
  _id: string;
}

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    locale: { type: String, required: true },
    subject: { type: String, required: true },
    text: { type: String, required: true },
  },
  { collection: 'notification_templates', versionKey: false },
);

export interface TemplatesStore {
  find(kind: string, locale: Locale): Promise<Pick<Template, 'subject' | 'text'> | null>;
  list(): Promise<Template[]>;
  save(template: Template): Promise<void>;
  remove(kind: string, locale: Locale): Promise<void>;
}

export function createTemplatesStore(connection: Connection): TemplatesStore {
  const model = connection.model('NotificationTemplate', schema);
  // Read for every message, and changed once in a while.
  const memo = createMemo((id) => model.findById(id).lean<Row>().exec(), { forMs: 3 * SECOND, most: 500 });
  return {
    find: (kind, locale) => memo.get(`${kind}:${locale}`),
    list: async () => model.find().lean<Row[]>(),
    async save(template) {
      const { kind, locale } = template;
      await model.updateOne({ _id: `${kind}:${locale}` }, { $set: template }, { upsert: true });
      memo.forget(`${kind}:${locale}`);
    },
    async remove(kind, locale) {
      await model.deleteOne({ _id: `${kind}:${locale}` });
      memo.forget(`${kind}:${locale}`);
    },
  };
}

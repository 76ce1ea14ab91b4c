import { Schema } from 'mongoose';
import type { z } from 'zod';
import { newToken } from '../../shared/ids.js';

/** A kind of event: its name, and what it carries. */
export interface EventType<D> {
  /** `<thing>.<past participle>`; stays the same for ever, for it is stored. */
  readonly name: string;
  /** Ids and plain values; no names or texts of people. */
  readonly data: z.ZodType<D>;
}

/** Defines a kind of event. The feature whose documents emit it exports it. */
export const defineEvent = <D>(name: string, data: z.ZodType<D>): EventType<D> => ({ name, data });

/** Something that has happened, as the document keeps it until it was made into jobs. */
export interface Event<D = unknown> {
  readonly id: string;
  /** The source's order, to tell the newer of two events; the time in milliseconds where the source counts nothing. */
  readonly seq: number;
  readonly name: string;
  readonly at: Date;
  readonly data: D;
}

export interface EventOptions {
  readonly at: Date;
  readonly seq?: number;
}

/**
 * Makes an event. It is made before the first try of a write, and the write's filter names the old state: then a
 * repeated write emits nothing.
 */
export const newEvent = <D>(type: EventType<D>, data: D, { at, seq }: EventOptions): Event<D> => ({
  id: newToken(),
  seq: seq ?? at.getTime(),
  name: type.name,
  at,
  data: type.data.parse(data),
});

/** What a document has that emits. Both are absent while nothing waits. */
export interface EmittingRow {
  events?: Event[];
  eventsAt?: Date;
}

/** Part of an update that emits. */
export interface EmittingUpdate {
  readonly $push: { readonly events: { readonly $each: readonly Event[] } };
  readonly $set: { readonly eventsAt: Date };
}

/** An update without pipelines, as far as events touch it. */
interface Update {
  readonly $set?: object;
  readonly $push?: object;
}

/**
 * Adds events to an update of the very document that changes:
 * `model.updateOne(filter, emitting({ $set: { state: 'cancelled' } }, event))`.
 */
export function emitting<U extends Update>(update: U, first: Event, ...more: Event[]): U & EmittingUpdate {
  return {
    ...update,
    $push: { ...update.$push, events: { $each: [first, ...more] } },
    $set: { ...update.$set, eventsAt: first.at },
  };
}

/** Fields of a new document that emits: `model.create({ ...row, ...emitted(event) })`. */
export const emitted = (first: Event, ...more: Event[]): Required<EmittingRow> => ({
  events: [first, ...more],
  eventsAt: first.at,
});

/** Part of a filter: nothing waits in the document, so that it may be deleted. */
export const NOTHING_WAITS = { eventsAt: { $exists: false } } as const;

/** Emitted on the connection after a write that carried events, with the collection's name. */
export const WRITTEN = 'nastavnik:events-written';

const eventSchema = new Schema<Event>(
  { id: String, seq: Number, name: String, at: Date, data: Schema.Types.Mixed },
  { _id: false, minimize: false },
);

interface Connectionlike {
  emit(name: string, collection: string): unknown;
}
interface Modellike {
  readonly db: Connectionlike;
  readonly collection: { readonly name: string };
}

const written = (model: Modellike): void => void model.db.emit(WRITTEN, model.collection.name);

/** A plugin of Mongoose: gives a schema its outbox, and tells the sweeper of this process of each write into it. */
export function withEvents(schema: Schema): void {
  schema.add({ events: { type: [eventSchema], default: undefined }, eventsAt: Date });
  tellOfWrites(schema, 'eventsAt');
}

/** A plugin of Mongoose: a date that is set when something is to be done about a document. */
export const withMark =
  (field: string) =>
  (schema: Schema): void => {
    schema.add({ [field]: Date });
    tellOfWrites(schema, field);
  };

/** Returns false for the result of an update that found nothing to change; a `findOneAndUpdate` does not tell. */
function changedSomething(result: unknown): boolean {
  if (typeof result !== 'object' || result === null || !('modifiedCount' in result)) return true;
  const { modifiedCount, upsertedCount } = result as Partial<Record<string, unknown>>;
  return modifiedCount !== 0 || upsertedCount !== 0;
}

/** A sparse index on a date, and a word to the sweeper where a write sets it. */
function tellOfWrites(schema: Schema, field: string): void {
  schema.index({ [field]: 1 }, { sparse: true });
  const sets = (fields: unknown): boolean =>
    (fields as Record<string, unknown> | undefined)?.[field] instanceof Date;

  schema.post(['updateOne', 'updateMany', 'findOneAndUpdate'], function (result: unknown) {
    if (!changedSomething(result)) return;
    const update = this.getUpdate();
    if (update !== null && !Array.isArray(update) && (sets(update.$set) || sets(update.$setOnInsert)))
      written(this.model);
  });
  schema.post('save', function () {
    if (sets(this)) written(this.constructor as unknown as Modellike);
  });
  schema.post('insertMany', function (documents: unknown) {
    if ((documents as unknown[]).some(sets)) written(this);
  });
}

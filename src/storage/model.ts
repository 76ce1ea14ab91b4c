import type { Connection, Model, Schema } from 'mongoose';

/**
 * Returns the connection's model of this name; the first call defines it. Each collection exports one getter beside its
 * schema, so that all stores of the collection share the type of its rows.
 */
export function modelOf<Row>(connection: Connection, name: string, schema: Schema<Row>): Model<Row> {
  return (connection.models[name] as Model<Row> | undefined) ?? connection.model<Row>(name, schema);
}

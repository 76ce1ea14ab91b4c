import { mongo } from 'mongoose';

/** BSON's classes, the same copy Mongoose uses. */
export const bson = {
  Binary: mongo.Binary,
  Decimal128: mongo.Decimal128,
  Double: mongo.Double,
  Int32: mongo.Int32,
  Long: mongo.Long,
  MaxKey: mongo.MaxKey,
  MinKey: mongo.MinKey,
  Timestamp: mongo.Timestamp,
};

import type { mongo } from 'mongoose';

/**
 * One change of what is stored, on either engine. Migrations run in the order of their numbers, before the
 * indexes are built, each once per database.
 */
export interface Migration {
  /** From 1, without gaps; never given again. */
  readonly number: number;
  readonly name: string;
  /**
   * Idempotent: a process that is killed half-way has its migration run again from the beginning. Works in steps
   * that leave the event loop free, and with what both engines share (docs/adr/0001).
   */
  up(db: mongo.Db): Promise<void>;
}

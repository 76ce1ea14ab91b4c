/** What a program would write by hand for the benchmark's documents: plain statements, the same BSON. */
import mongoose from 'mongoose';
import type { Sqlite } from './storage-data.js';
import type { Thing } from './storage-data.js';

const { serialize, deserialize } = mongoose.mongo.BSON;

const encode = (doc: object): Buffer => Buffer.from(serialize(doc));
const decode = (row: unknown[] | undefined): Thing | null =>
  row ? (deserialize(row[0] as Buffer) as Thing) : null;

export class PlainTable {
  constructor(private readonly db: Sqlite) {
    db.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000;
      CREATE TABLE things (
        seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, course TEXT, person TEXT, at INTEGER, doc BLOB NOT NULL
      );
      CREATE INDEX by_time ON things (course, at);
      CREATE UNIQUE INDEX by_person ON things (course, person);
    `);
  }

  #put(thing: Thing): void {
    this.db
      .statement('INSERT INTO things (id, course, person, at, doc) VALUES (?, ?, ?, ?, ?)')
      .run([Buffer.from(thing._id.id), thing.courseId, thing.personId, thing.at.getTime(), encode(thing)]);
  }

  #transaction<T>(action: () => T): T {
    this.db.exec('BEGIN IMMEDIATE');
    const result = action();
    this.db.exec('COMMIT');
    return result;
  }

  insertMany(things: readonly Thing[]): void {
    this.#transaction(() => things.forEach((thing) => this.#put(thing)));
  }

  insert(thing: Thing): void {
    this.#transaction(() => this.#put(thing));
  }

  byId(id: Thing['_id']): Thing | null {
    return decode(this.db.statement('SELECT doc FROM things WHERE id = ?').get([Buffer.from(id.id)]));
  }

  byPerson(course: string, person: string): Thing | null {
    const select = this.db.statement('SELECT doc FROM things WHERE course = ? AND person = ?');
    return decode(select.get([course, person]));
  }

  twenty(course: string, at: Date): (Thing | null)[] {
    return this.db
      .statement('SELECT doc FROM things WHERE course = ? AND at >= ? ORDER BY at LIMIT 20')
      .all([course, at.getTime()])
      .map(decode);
  }

  /** Takes a seat where there is one. */
  take(id: Thing['_id']): Thing | null {
    return this.#change(id, (thing) => (thing.seats > 0 ? { ...thing, seats: thing.seats - 1 } : null));
  }

  setSeats(id: Thing['_id'], seats: number): Thing | null {
    return this.#change(id, (thing) => ({ ...thing, seats }));
  }

  #change(id: Thing['_id'], change: (thing: Thing) => Thing | null): Thing | null {
    return this.#transaction(() => {
      const thing = this.byId(id);
      const changed = thing && change(thing);
      if (changed) {
        this.db
          .statement('UPDATE things SET doc = ? WHERE id = ?')
          .run([encode(changed), Buffer.from(id.id)]);
      }
      return changed;
    });
  }

  group(courses: readonly string[]): Map<string, { count: number; seats: number }> {
    const groups = new Map<string, { count: number; seats: number }>();
    const select = this.db.statement('SELECT doc FROM things WHERE course = ?');
    for (const course of courses) {
      for (const row of select.all([course])) {
        const thing = decode(row);
        if (!thing) continue;
        const group = groups.get(thing.state) ?? { count: 0, seats: 0 };
        group.count++;
        group.seats += thing.seats;
        groups.set(thing.state, group);
      }
    }
    return groups;
  }

  close(): void {
    this.db.close();
  }
}

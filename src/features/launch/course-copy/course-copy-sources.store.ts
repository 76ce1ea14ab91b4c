import { Schema, type Connection } from 'mongoose';

/** A course as its platform names it; there need not have been a launch from it. */
export interface ContextRef {
  readonly registrationId: string;
  readonly deploymentId: string;
  readonly contextId: string;
}

interface Row extends ContextRef {
  /** Contexts it was copied from, the nearest first. */
  origins: string[];
  /** Ids of courses from which people have confirmed it was copied. Absent in most rows. */
  confirmed?: string[];
}

const schema = new Schema<Row>(
  {
    registrationId: { type: String, required: true },
    deploymentId: { type: String, required: true },
    contextId: { type: String, required: true },
    origins: { type: [String], default: [] },
    confirmed: { type: [String], default: undefined },
  },
  { timestamps: true, collection: 'course_origins', versionKey: false },
);
schema.index({ registrationId: 1, deploymentId: 1, contextId: 1 }, { unique: true });

/** Copies of copies of copies; no centre keeps more. */
const DEEPEST = 10;
const MOST = 50;

/** Where a course comes from. */
export interface Origins {
  /** Contexts, its own origins first, then theirs, as platforms have told. */
  readonly contexts: readonly string[];
  /** Ids of courses, as people have confirmed. */
  readonly courses: readonly string[];
}

/** Which courses were copied from which, as platforms have told in verified notices and people have confirmed. */
export interface OriginsStore {
  /** Told twice is told once. */
  note(contextRef: ContextRef, origins: readonly string[]): Promise<void>;
  /** Notes that a person has confirmed the copy. Confirmed twice is confirmed once. */
  confirm(contextRef: ContextRef, courseId: string): Promise<void>;
  of(contextRef: ContextRef): Promise<Origins>;
}

export function createOriginsStore(connection: Connection): OriginsStore {
  const model = connection.model('CourseOrigin', schema);
  return {
    async note(
      { registrationId, deploymentId, contextId }: ContextRef,
      origins: readonly string[],
    ): Promise<void> {
      await model.updateOne(
        { registrationId, deploymentId, contextId },
        { $addToSet: { origins: { $each: [...origins].slice(0, MOST) } } },
        { upsert: true },
      );
    },
    async confirm({ registrationId, deploymentId, contextId }, courseId) {
      await model.updateOne(
        { registrationId, deploymentId, contextId },
        { $addToSet: { confirmed: courseId } },
        { upsert: true },
      );
    },
    async of({ registrationId, deploymentId, contextId }: ContextRef): Promise<Origins> {
      const found = new Set<string>();
      let confirmed: readonly string[] = [];
      let layer = [contextId];
      for (let depth = 0; depth < DEEPEST && layer.length > 0 && found.size < MOST; depth += 1) {
        const rows = await model
          .find({ registrationId, deploymentId, contextId: { $in: layer } })
          .select({ origins: 1, confirmed: 1 })
          .lean();
        if (depth === 0) confirmed = rows.flatMap((row) => row.confirmed ?? []);
        layer = rows.flatMap(({ origins }) => origins).filter((row) => row !== contextId && !found.has(row));
        for (const item of layer) found.add(item);
      }
      return { contexts: [...found], courses: confirmed };
    },
  };
}

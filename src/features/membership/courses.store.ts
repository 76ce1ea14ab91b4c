import { Schema, type Connection, type Types, type mongo } from 'mongoose';
import { keepReads } from '../../storage/index.js';
import { compareText } from '../../shared/collation.js';
import { newKey } from '../../shared/ids.js';
import { createEnrolmentsStore } from './enrolments.store.js';

/** An LMS context: one course of one deployment of one registration (Core 1.3, 5.4.1). */
export interface Course {
  readonly id: string;
  /** Stands in URLs: `/c/<key>/`. */
  readonly key: string;
  readonly registrationId: string;
  readonly deploymentId: string;
  readonly contextId: string;
  readonly title: string;
  /** Origin to which launches return where it is not one of the registration's: it frames the course's pages; or ''. */
  readonly returnOrigin: string;
}

interface CourseRow {
  key: string;
  registrationId: string;
  deploymentId: string;
  contextId: string;
  title: string;
  /** Absent in most rows. */
  returnOrigin?: string;
}

const courseSchema = new Schema<CourseRow>(
  {
    key: { type: String, required: true },
    registrationId: { type: String, required: true },
    deploymentId: { type: String, required: true },
    contextId: { type: String, required: true },
    title: { type: String, default: '' },
    returnOrigin: { type: String },
  },
  { timestamps: true, collection: 'courses', versionKey: false },
);
courseSchema.index({ key: 1 }, { unique: true });
courseSchema.index({ registrationId: 1, deploymentId: 1, contextId: 1 }, { unique: true });

const plain = (row: CourseRow & { _id: Types.ObjectId }): Course => ({
  id: row._id.toString(),
  key: row.key,
  registrationId: row.registrationId,
  deploymentId: row.deploymentId,
  contextId: row.contextId,
  title: row.title,
  returnOrigin: row.returnOrigin ?? '',
});

/** Courses, and who is enrolled in them. */
export function createCoursesStore(connection: Connection) {
  const courses = connection.model('Course', courseSchema);
  // Straight to the collection at every launch: the claims have been parsed, there is nothing to cast.
  const courseRows = courses.collection as unknown as mongo.Collection<CourseRow>;
  const contextKey = ({
    registrationId,
    deploymentId,
    contextId,
  }: Readonly<Record<string, unknown>>): string => JSON.stringify([registrationId, deploymentId, contextId]);
  const byContext = keepReads<(CourseRow & { _id: Types.ObjectId }) | null>(connection, {
    collection: courses.collection.name,
    keysOf: (row) => [contextKey(row)],
  });
  return {
    ...createEnrolmentsStore(connection),
    /**
     * Finds or makes the course, and takes over its title and return origin; an empty one changes nothing.
     * @param former deployments whose courses are this one's now, oldest first
     */
    async upsert(
      seen: Omit<Course, 'id' | 'key' | 'returnOrigin'> & { readonly returnOrigin?: string },
      former: readonly string[] = [],
    ): Promise<Course> {
      const { title, returnOrigin = '', ...context } = seen;
      const known = await byContext.get(contextKey(context), () => courseRows.findOne(context));
      const settled =
        (title === '' || known?.title === title) &&
        (returnOrigin === '' || known?.returnOrigin === returnOrigin);
      if (known !== null && settled) return plain(known);
      for (const deploymentId of known === null ? [...former].reverse() : []) {
        const change = { $set: { deploymentId: context.deploymentId } };
        const moved = await courses.updateOne({ ...context, deploymentId }, change);
        if (moved.matchedCount > 0) break;
      }
      const row = await courses
        .findOneAndUpdate(
          context,
          {
            $set: { ...(title !== '' && { title }), ...(returnOrigin !== '' && { returnOrigin }) },
            $setOnInsert: { key: newKey() },
          },
          { upsert: true, returnDocument: 'after' },
        )
        .lean();
      return plain(row);
    },
    async findOptionalByContext(
      context: Pick<Course, 'registrationId' | 'deploymentId' | 'contextId'>,
    ): Promise<Course | null> {
      const row = await courses.findOne(context).lean();
      return row && plain(row);
    },
    async findOptionalByKey(key: string): Promise<Course | null> {
      const row = await courses.findOne({ key }).lean();
      return row && plain(row);
    },
    async findOptional(id: string): Promise<Course | null> {
      const row = await courses.findById(id).lean();
      return row && plain(row);
    },
    async findMany(ids: readonly string[]): Promise<Course[]> {
      return (await courses.find({ _id: { $in: ids } }).lean()).map(plain);
    },
    count: (): Promise<number> => courses.countDocuments(),
    /** All courses, by title; a centre has hundreds. */
    async listAll(): Promise<Course[]> {
      const rows = await courses.find().limit(5_000).lean();
      return rows.map(plain).sort((a, b) => compareText(a.title, b.title));
    },
  };
}

export type CoursesStore = ReturnType<typeof createCoursesStore>;

import { Schema, type Connection, type Types, type mongo } from 'mongoose';
import { newKey } from '../../shared/ids.js';
import type { Role } from '../../shared/roles.js';

/** An LMS context: one course of one deployment of one registration (Core 1.3, 5.4.1). */
export interface Course {
  readonly id: string;
  /** Stands in URLs: `/c/<key>/`. */
  readonly key: string;
  readonly registrationId: string;
  readonly deploymentId: string;
  readonly contextId: string;
  readonly title: string;
}

/** Who was seen in a course, and as what. */
export interface Membership {
  readonly courseId: string;
  readonly personId: string;
  readonly role: Role;
}

interface CourseRow {
  key: string;
  registrationId: string;
  deploymentId: string;
  contextId: string;
  title: string;
}

const courseSchema = new Schema<CourseRow>(
  {
    key: { type: String, required: true },
    registrationId: { type: String, required: true },
    deploymentId: { type: String, required: true },
    contextId: { type: String, required: true },
    title: { type: String, default: '' },
  },
  { timestamps: true, collection: 'courses', versionKey: false },
);
courseSchema.index({ key: 1 }, { unique: true });
courseSchema.index({ registrationId: 1, deploymentId: 1, contextId: 1 }, { unique: true });

interface MembershipRow {
  courseId: string;
  personId: string;
  role: Role;
}

const membershipSchema = new Schema<MembershipRow>(
  {
    courseId: { type: String, required: true },
    personId: { type: String, required: true },
    role: { type: String, required: true },
  },
  { timestamps: true, collection: 'memberships', versionKey: false },
);
membershipSchema.index({ courseId: 1, personId: 1 }, { unique: true });
membershipSchema.index({ personId: 1 });

const plain = (row: CourseRow & { _id: Types.ObjectId }): Course => ({
  id: row._id.toString(),
  key: row.key,
  registrationId: row.registrationId,
  deploymentId: row.deploymentId,
  contextId: row.contextId,
  title: row.title,
});

export function createCoursesStore(connection: Connection) {
  const courses = connection.model('Course', courseSchema);
  const memberships = connection.model('Membership', membershipSchema);
  // Straight to the collection at every launch: the claims have been parsed, there is nothing to cast.
  const courseRows = courses.collection as unknown as mongo.Collection<CourseRow>;
  const membershipRows = memberships.collection as unknown as mongo.Collection<MembershipRow>;
  return {
    /** Finds or makes the course, and takes over its title; an empty title changes nothing. */
    async meet(seen: Omit<Course, 'id' | 'key'>): Promise<Course> {
      const { title, ...context } = seen;
      const known = await courseRows.findOne(context);
      if (known !== null && (title === '' || known.title === title)) return plain(known);
      const row = await courses
        .findOneAndUpdate(
          context,
          { $set: title === '' ? {} : { title }, $setOnInsert: { key: newKey() } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean();
      return plain(row);
    },
    async findOptional(id: string): Promise<Course | null> {
      const row = await courses.findById(id).lean();
      return row && plain(row);
    },
    /** Notes that the person is in the course as this role. Writes only what changed. */
    async admit({ courseId, personId, role }: Membership): Promise<void> {
      const known = await membershipRows.findOne({ courseId, personId });
      if (known?.role === role) return;
      await memberships.updateOne({ courseId, personId }, { $set: { role } }, { upsert: true });
    },
    async members(courseId: string): Promise<Membership[]> {
      const rows = await memberships.find({ courseId }).lean();
      return rows.map(({ personId, role }) => ({ courseId, personId, role }));
    },
    /** Where these people were seen, in no particular order. */
    async membershipsOf(personIds: readonly string[]): Promise<Membership[]> {
      const rows = await memberships.find({ personId: { $in: personIds } }).lean();
      return rows.map(({ courseId, personId, role }) => ({ courseId, personId, role }));
    },
    async findMany(ids: readonly string[]): Promise<Course[]> {
      return (await courses.find({ _id: { $in: ids } }).lean()).map(plain);
    },
    count: (): Promise<number> => courses.estimatedDocumentCount(),
    async membership(courseId: string, personId: string): Promise<Membership | null> {
      const row = await memberships.findOne({ courseId, personId }).lean();
      return row && { courseId, personId, role: row.role };
    },
  };
}

export type CoursesStore = ReturnType<typeof createCoursesStore>;

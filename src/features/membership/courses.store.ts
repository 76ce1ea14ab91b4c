import { Schema, type Connection, type Types, type mongo } from 'mongoose';
import { modelOf } from '../../storage/index.js';
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
  /** When a roster first named this person no more; null: they are in the course. */
  readonly leftAt: Date | null;
  /** False for whom only a roster has named. */
  readonly launched: boolean;
  /** The platform's ids of the groups they are in, as it last told. */
  readonly groups: readonly string[];
}

/** How many have come into a course and left it within some time. */
export interface MembershipChanges {
  readonly courseId: string;
  readonly joined: number;
  readonly left: number;
}

/** A place in a course, as a launch or a roster gives it. */
export interface Place extends Pick<Membership, 'courseId' | 'personId' | 'role'> {
  /** Absent or null: nothing is said of groups, and what is known stays. */
  readonly groups?: readonly string[] | null;
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
  /** Absent in rows from before there were rosters: those people have launched and are here. */
  leftAt?: Date | null;
  launched?: boolean;
  /** Absent until a platform tells. */
  groups?: readonly string[];
  updatedAt?: Date;
}

const membershipSchema = new Schema<MembershipRow>(
  {
    courseId: { type: String, required: true },
    personId: { type: String, required: true },
    role: { type: String, required: true },
    leftAt: { type: Date },
    launched: { type: Boolean },
    groups: { type: [String], default: undefined },
  },
  { timestamps: true, collection: 'memberships', versionKey: false },
);
membershipSchema.index({ courseId: 1, personId: 1 }, { unique: true });
membershipSchema.index({ personId: 1 });
membershipSchema.index({ createdAt: 1 });
membershipSchema.index({ leftAt: 1 });

const plain = (row: CourseRow & { _id: Types.ObjectId }): Course => ({
  id: row._id.toString(),
  key: row.key,
  registrationId: row.registrationId,
  deploymentId: row.deploymentId,
  contextId: row.contextId,
  title: row.title,
});

const membershipOf = (row: MembershipRow): Membership => ({
  courseId: row.courseId,
  personId: row.personId,
  role: row.role,
  leftAt: row.leftAt ?? null,
  launched: row.launched ?? true,
  groups: row.groups ?? [],
});

/** Their order means nothing. */
const sameGroups = (item: readonly string[], two: readonly string[]): boolean =>
  item.length === two.length && item.every((id) => two.includes(id));

export const membershipsModel = (connection: Connection) =>
  modelOf(connection, 'Membership', membershipSchema);

export function createCoursesStore(connection: Connection) {
  const courses = connection.model('Course', courseSchema);
  const memberships = membershipsModel(connection);
  // Straight to the collection at every launch: the claims have been parsed, there is nothing to cast.
  const courseRows = courses.collection as unknown as mongo.Collection<CourseRow>;
  const membershipRows = memberships.collection as unknown as mongo.Collection<MembershipRow>;
  return {
    /**
     * Finds or makes the course, and takes over its title; an empty title changes nothing.
     * @param former deployments whose courses are this one's now, oldest first
     */
    async upsert(seen: Omit<Course, 'id' | 'key'>, former: readonly string[] = []): Promise<Course> {
      const { title, ...context } = seen;
      const known = await courseRows.findOne(context);
      if (known !== null && (title === '' || known.title === title)) return plain(known);
      for (const deploymentId of known === null ? [...former].reverse() : []) {
        const change = { $set: { deploymentId: context.deploymentId } };
        const moved = await courses.updateOne({ ...context, deploymentId }, change);
        if (moved.matchedCount > 0) break;
      }
      const row = await courses
        .findOneAndUpdate(
          context,
          { $set: title === '' ? {} : { title }, $setOnInsert: { key: newKey() } },
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
    async findOptional(id: string): Promise<Course | null> {
      const row = await courses.findById(id).lean();
      return row && plain(row);
    },
    /** Notes that the person is in the course as this role, in these groups. Writes only what changed. */
    async enrolFromLaunch({ courseId, personId, role, groups = null }: Place): Promise<void> {
      const row = await membershipRows.findOne({ courseId, personId });
      const known = row && membershipOf(row);
      const grouped = groups === null || sameGroups(known?.groups ?? [], groups);
      if (known?.role === role && known.launched && known.leftAt === null && grouped) return;
      const now = { role, launched: true, leftAt: null, ...(groups !== null && { groups }) };
      await memberships.updateOne({ courseId, personId }, { $set: now }, { upsert: true });
    },
    /**
     * A roster names these: the new ones get their places, and who had left is back. Writes only what changed.
     * @param since when the roster was asked for: what a launch has told after it stands
     * @param existing the groups that there are; null: not known. Other groups of a member are dropped
     */
    async enrolFromRoster(
      courseId: string,
      places: readonly Place[],
      { since, existing = null }: { since: Date; existing?: ReadonlySet<string> | null },
    ): Promise<void> {
      const ids = places.map(({ personId }) => personId);
      const rows = await memberships.find({ courseId, personId: { $in: ids } }).lean();
      const known = new Map(rows.map((row) => [row.personId, row]));
      const changes = places.flatMap(({ personId, role, groups: told }) => {
        const row = known.get(personId);
        const before = row && membershipOf(row);
        const newer = row?.updatedAt !== undefined && row.updatedAt >= since;
        const groups = (newer ? before?.groups : (told ?? before?.groups)) ?? [];
        const left = newer ? groups : groups.filter((id) => existing?.has(id) ?? true);
        const grouped = sameGroups(before?.groups ?? [], left);
        // What a launch said of the role stands.
        if (before?.leftAt === null && (before.launched || before.role === role) && grouped) return [];
        const set = {
          leftAt: null,
          ...(before?.launched !== true && { role, launched: false }),
          ...(!grouped && { groups: left }),
        };
        return [{ updateOne: { filter: { courseId, personId }, update: { $set: set }, upsert: true } }];
      });
      if (changes.length > 0) await memberships.bulkWrite(changes, { ordered: false });
    },
    /** Who is in the course, and neither among these nor known only since then. */
    async missing(courseId: string, present: ReadonlySet<string>, since: Date): Promise<string[]> {
      const rows = await memberships.find({ courseId }).lean();
      return rows
        .filter(({ leftAt, updatedAt }) => !leftAt && updatedAt !== undefined && updatedAt < since)
        .map(({ personId }) => personId)
        .filter((personId) => !present.has(personId));
    },
    /** Marks these as gone, unless they launched after `since`. */
    async leave(courseId: string, personIds: readonly string[], since: Date): Promise<void> {
      await memberships.updateMany(
        { courseId, personId: { $in: personIds }, leftAt: null, updatedAt: { $lt: since } },
        { $set: { leftAt: since } },
      );
    },
    async members(courseId: string): Promise<Membership[]> {
      return (await memberships.find({ courseId }).lean()).map(membershipOf);
    },
    /** Where these people were seen, in no particular order. */
    async membershipsOf(personIds: readonly string[]): Promise<Membership[]> {
      return (await memberships.find({ personId: { $in: personIds } }).lean()).map(membershipOf);
    },
    async findMany(ids: readonly string[]): Promise<Course[]> {
      return (await courses.find({ _id: { $in: ids } }).lean()).map(plain);
    },
    /** Who came or left at or after `from` and before `to`, by course. */
    async changes(from: Date, to: Date): Promise<MembershipChanges[]> {
      const within = { $gte: from, $lt: to };
      const [joined, left] = await Promise.all([
        memberships.find({ createdAt: within }).select({ courseId: 1 }).lean(),
        memberships.find({ leftAt: within }).select({ courseId: 1 }).lean(),
      ]);
      const counted = (rows: readonly { courseId: string }[], id: string): number =>
        rows.filter(({ courseId }) => courseId === id).length;
      const ids = new Set([...joined, ...left].map(({ courseId }) => courseId));
      return [...ids].map((courseId) => ({
        courseId,
        joined: counted(joined, courseId),
        left: counted(left, courseId),
      }));
    },
    count: (): Promise<number> => courses.estimatedDocumentCount(),
    async membership(courseId: string, personId: string): Promise<Membership | null> {
      const row = await memberships.findOne({ courseId, personId }).lean();
      return row && membershipOf(row);
    },
  };
}

export type CoursesStore = ReturnType<typeof createCoursesStore>;

import { Schema, type Connection, type Types, type mongo } from 'mongoose';
import { modelOf } from '../../storage/index.js';
import { compareText } from '../../shared/collation.js';
import { newKey } from '../../shared/ids.js';
import { DAY, HOUR } from '../../shared/clock.js';
import { atLeast, type CentreRole, type Role } from '../../shared/roles.js';

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

/** Who was seen in a course, and as what. */
export interface Membership {
  readonly courseId: string;
  readonly personId: string;
  /** Of the latest launch; of the roster where there was no launch. */
  readonly role: Role;
  /** As the latest roster lists the person; null where none has. */
  readonly rosterRole: Role | null;
  /** Of the latest launch: what the person may do for the whole centre. */
  readonly centreRole: CentreRole | null;
  /** True for a person who teaches and has launched as a student to see how it is. */
  readonly onTrial: boolean;
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

/** A place as a launch gives it. */
export interface LaunchedPlace extends Place {
  readonly centreRole?: CentreRole | null;
  /** Time of the launch; the epoch for places that no launch has made. */
  readonly at?: Date;
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

interface MembershipRow {
  courseId: string;
  personId: string;
  role: Role;
  /** Absent until a roster lists the person. */
  rosterRole?: Role;
  /** Absent for most people. */
  centreRole?: CentreRole;
  /** Set by a teacher for a person who does not study here and has not launched yet; a launch tells the role itself. */
  assists?: true;
  /** Set by a launch as a student after one as a teacher. */
  trialSince?: Date;
  /** Of the latest launch, to the hour. Absent in rows of earlier versions. */
  launchedAt?: Date;
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
    rosterRole: { type: String },
    centreRole: { type: String },
    assists: { type: Boolean },
    trialSince: { type: Date },
    launchedAt: { type: Date },
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
  returnOrigin: row.returnOrigin ?? '',
});

/** Moodle's roster calls a non-editing teacher a learner, and nothing in it tells one from a student. */
const assistsUnlaunched = ({ assists, launched, role }: MembershipRow): boolean =>
  assists === true && launched === false && !atLeast(role, 'assistant');

const membershipOf = (row: MembershipRow): Membership => ({
  courseId: row.courseId,
  personId: row.personId,
  role: assistsUnlaunched(row) ? 'assistant' : row.role,
  rosterRole: row.rosterRole ?? null,
  centreRole: row.centreRole ?? null,
  onTrial:
    row.role === 'student' &&
    (row.rosterRole === undefined ? row.trialSince !== undefined : atLeast(row.rosterRole, 'assistant')),
  leftAt: row.leftAt ?? null,
  launched: row.launched ?? true,
  groups: row.groups ?? [],
});

/** Returns true if a launch or a roster has told of the person after this moment. */
const isSince = ({ updatedAt, launchedAt }: MembershipRow, since: Date): boolean =>
  updatedAt === undefined || updatedAt >= since || (launchedAt !== undefined && launchedAt >= since);

/**
 * Returns true for a person of the staff whom the platform lets into the course without listing them: Moodle lists
 * neither administrators of the site nor managers of a category.
 */
const isUnlisted = ({ rosterRole, role, centreRole, launchedAt }: MembershipRow, since: Date): boolean =>
  rosterRole === undefined &&
  (centreRole === 'administrator' ||
    (atLeast(role, 'assistant') && launchedAt !== undefined && since.getTime() - launchedAt.getTime() < DAY));

/** Returns since when a launch as a student follows one as a teacher; it stays for a day of such launches. */
function trialOf(
  before: MembershipRow | null,
  { role, at = new Date(0) }: Pick<LaunchedPlace, 'role' | 'at'>,
): Date | undefined {
  if (role !== 'student' || before === null || before.launched === false) return undefined;
  if (before.role !== 'student') return at;
  const { trialSince } = before;
  return trialSince !== undefined && at.getTime() - trialSince.getTime() < DAY ? trialSince : undefined;
}

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
    async findByKey(key: string): Promise<Course | null> {
      const row = await courses.findOne({ key }).lean();
      return row && plain(row);
    },
    /**
     * Finds or makes the course, and takes over its title and return origin; an empty one changes nothing.
     * @param former deployments whose courses are this one's now, oldest first
     */
    async upsert(
      seen: Omit<Course, 'id' | 'key' | 'returnOrigin'> & { readonly returnOrigin?: string },
      former: readonly string[] = [],
    ): Promise<Course> {
      const { title, returnOrigin = '', ...context } = seen;
      const known = await courseRows.findOne(context);
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
    /** Notes that the person is in the course as this role, in these groups. Writes only what changed. */
    async enrolFromLaunch(place: LaunchedPlace): Promise<void> {
      const { courseId, personId, role, groups = null, centreRole = null, at = new Date(0) } = place;
      const row = await membershipRows.findOne({ courseId, personId });
      const known = row && membershipOf(row);
      const grouped = groups === null || sameGroups(known?.groups ?? [], groups);
      const trialSince = trialOf(row, place);
      if (
        known?.role === role &&
        known.centreRole === centreRole &&
        known.launched &&
        known.leftAt === null &&
        grouped &&
        row?.trialSince?.getTime() === trialSince?.getTime() &&
        at.getTime() - (row?.launchedAt?.getTime() ?? 0) < HOUR
      ) {
        return;
      }
      const now = {
        ...{ role, launched: true, leftAt: null, launchedAt: at },
        ...(groups !== null && { groups }),
        ...(centreRole !== null && { centreRole }),
        ...(trialSince !== undefined && { trialSince }),
      };
      const past = {
        ...(centreRole === null && { centreRole: 1 as const }),
        ...(trialSince === undefined && { trialSince: 1 as const }),
      };
      await memberships.updateOne(
        { courseId, personId },
        { $set: now, ...(Object.keys(past).length > 0 && { $unset: past }) },
        { upsert: true },
      );
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
        const newer = row !== undefined && isSince(row, since);
        const groups = (newer ? before?.groups : (told ?? before?.groups)) ?? [];
        const left = newer ? groups : groups.filter((id) => existing?.has(id) ?? true);
        const grouped = sameGroups(before?.groups ?? [], left);
        const stands = before?.launched === true || row?.role === role;
        if (before?.leftAt === null && stands && before.rosterRole === role && grouped) return [];
        const set = {
          leftAt: null,
          rosterRole: role,
          // What a launch said of the role stands.
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
        .filter((row) => !row.leftAt && !isSince(row, since) && !isUnlisted(row, since))
        .map(({ personId }) => personId)
        .filter((personId) => !present.has(personId));
    },
    /** Ends the membership of these, unless they launched after `since`. */
    async leave(courseId: string, personIds: readonly string[], since: Date): Promise<void> {
      await memberships.updateMany(
        {
          ...{ courseId, personId: { $in: personIds }, leftAt: null, updatedAt: { $lt: since } },
          $or: [{ launchedAt: null }, { launchedAt: { $lt: since } }],
        },
        { $set: { leftAt: since } },
      );
    },
    /** Marks a person who has not launched yet as one who does not study here, or removes the mark. Returns false for others. */
    async markAssists(courseId: string, personId: string, assists: boolean): Promise<boolean> {
      const { matchedCount } = await memberships.updateOne(
        { courseId, personId, launched: false, leftAt: null },
        assists ? { $set: { assists: true } } : { $unset: { assists: 1 } },
        // Neither a launch nor a roster has told anything.
        { timestamps: false },
      );
      return matchedCount > 0;
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
    count: (): Promise<number> => courses.countDocuments(),
    /** All courses, by title; a centre has hundreds. */
    async listAll(): Promise<Course[]> {
      const rows = await courses.find().limit(5_000).lean();
      return rows.map(plain).sort((a, b) => compareText(a.title, b.title));
    },
    async membership(courseId: string, personId: string): Promise<Membership | null> {
      const row = await membershipRows.findOne({ courseId, personId });
      return row && membershipOf(row);
    },
  };
}

export type CoursesStore = ReturnType<typeof createCoursesStore>;

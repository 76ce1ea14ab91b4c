import type { Connection, mongo } from 'mongoose';
import { keepReads } from '../../storage/index.js';
import { DAY, HOUR } from '../../shared/clock.js';
import type { CentreRole } from '../../shared/roles.js';
import {
  membershipOf,
  membershipsModel,
  sameGroups,
  type Membership,
  type MembershipRow,
  type Place,
} from './enrolment-row.store.js';
import { createRosterEnrolments } from './roster-enrolments.store.js';

/** How many have come into a course and left it within some time. */
export interface MembershipChanges {
  readonly courseId: string;
  readonly joined: number;
  readonly left: number;
}

/** A place as a launch gives it. */
export interface LaunchedPlace extends Place {
  readonly centreRole?: CentreRole | null;
  /** Time of the launch; the epoch for places that no launch has made. */
  readonly at?: Date;
}

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

/** Whose members are kept in memory: a thousand are about half a megabyte. */
const MOST_COURSES = 50;

export function createEnrolmentsStore(connection: Connection) {
  const memberships = membershipsModel(connection);
  // Straight to the collection at every launch: the claims have been parsed, there is nothing to cast.
  const membershipRows = memberships.collection as unknown as mongo.Collection<MembershipRow>;
  const placeKey = (courseId: unknown, personId: unknown): string =>
    `${String(courseId)} ${String(personId)}`;
  const places = keepReads<MembershipRow | null>(connection, {
    collection: memberships.collection.name,
    keysOf: ({ courseId, personId }) => [placeKey(courseId, personId)],
    most: 10_000,
  });
  const ofCourses = keepReads<readonly Membership[]>(connection, {
    collection: memberships.collection.name,
    keysOf: ({ courseId }) => [String(courseId)],
    most: MOST_COURSES,
  });
  const placeOf = (courseId: string, personId: string): Promise<MembershipRow | null> =>
    places.get(placeKey(courseId, personId), () => membershipRows.findOne({ courseId, personId }));
  return {
    ...createRosterEnrolments(connection),
    /** Notes that the person is in the course as this role, in these groups. Writes only what changed. */
    async enrolFromLaunch(place: LaunchedPlace): Promise<void> {
      const { courseId, personId, role, groups = null, centreRole = null, at = new Date(0) } = place;
      const row = await placeOf(courseId, personId);
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
    async members(courseId: string): Promise<Membership[]> {
      const read = async (): Promise<Membership[]> =>
        (await memberships.find({ courseId }).lean()).map(membershipOf);
      return [...(await ofCourses.get(courseId, read))];
    },
    /** Where these people were seen, in no particular order. */
    async membershipsOf(personIds: readonly string[]): Promise<Membership[]> {
      return (await memberships.find({ personId: { $in: personIds } }).lean()).map(membershipOf);
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
    async membership(courseId: string, personId: string): Promise<Membership | null> {
      const row = await placeOf(courseId, personId);
      return row && membershipOf(row);
    },
  };
}

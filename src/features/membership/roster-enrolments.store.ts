import type { Connection } from 'mongoose';
import { DAY } from '../../shared/clock.js';
import { atLeast } from '../../shared/roles.js';
import {
  membershipOf,
  membershipsModel,
  sameGroups,
  type MembershipRow,
  type Place,
} from './enrolment-row.store.js';

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

/** What a roster tells of the people of a course. */
export function createRosterEnrolments(connection: Connection) {
  const memberships = membershipsModel(connection);
  return {
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
  };
}

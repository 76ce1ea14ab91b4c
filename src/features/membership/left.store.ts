import type { Connection } from 'mongoose';
import { membershipsModel } from './enrolment-row.store.js';

const AT_ONCE = 500;

/** Returns the query for people who studied here and have left all their courses before a moment; staff are none. */
export function createLeftStudents(connection: Connection): (before: Date) => Promise<string[]> {
  const memberships = membershipsModel(connection);
  return async (before) => {
    const ids = await memberships.distinct('personId', { leftAt: { $lt: before } });
    const left: string[] = [];
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const part = ids.slice(from, from + AT_ONCE);
      const rows = await memberships.find({ personId: { $in: part } }).lean();
      const stays = new Set(
        rows
          .filter(
            ({ role, rosterRole = 'student', centreRole, leftAt }) =>
              role !== 'student' ||
              rosterRole !== 'student' ||
              centreRole !== undefined ||
              !leftAt ||
              leftAt >= before,
          )
          .map(({ personId }) => personId),
      );
      left.push(...part.filter((id) => !stays.has(id)));
    }
    return left;
  };
}

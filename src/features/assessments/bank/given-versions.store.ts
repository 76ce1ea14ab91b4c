import type { Connection } from 'mongoose';

interface Row {
  courseId: string;
  personId: string;
  questions: { versionId: string }[];
}

/** Returns whether a person has been given one of these versions in an attempt. The attempts' own store defines the model. */
export function createGivenVersions(connection: Connection) {
  return async (courseId: string, personId: string, versionIds: readonly string[]): Promise<boolean> => {
    const found = await connection
      .model<Row>('TestAttempt')
      .findOne({ courseId, personId, questions: { $elemMatch: { versionId: { $in: [...versionIds] } } } })
      .select({ _id: 1 })
      .lean();
    return found !== null;
  };
}

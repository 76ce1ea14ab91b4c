/** A group of a course, as its LMS has it. */
export interface LmsGroupRef {
  readonly courseId: string;
  readonly groupId: string;
}

/** A group of students that an association teaches. */
export interface Group {
  readonly id: string;
  readonly associationId: string;
  /** Unique in its association. */
  readonly title: string;
  /** Title of the programme that it studies, or ''. */
  readonly programme: string;
  /** Ids of the cards of its teachers. */
  readonly cardIds: readonly string[];
  /** The same group in an LMS; null where it is not said. */
  readonly lmsGroup: LmsGroupRef | null;
  readonly version: number;
}

export type GroupRecord = Omit<Group, 'id' | 'version'>;

/** A person whose data are looked for, and where: in whatever course they were seen. */
export interface PersonRef {
  readonly personId: string;
  readonly courseIds: readonly string[];
}

/** The person that another one becomes part of. */
export interface MergeTarget extends PersonRef {
  /** The LMS's id. */
  readonly sub: string;
}

/** Something that would be lost, and so is refused. */
export interface Blocker {
  /** `role`: other roles in one course; `time`: two places at once; `test`, `grade`, `card`: both have one. */
  readonly what: 'role' | 'time' | 'test' | 'grade' | 'card' | 'teaches';
  /** What it is called. */
  readonly name: string;
}

/** Records as JSON will have them. */
export type ExportedData = Readonly<Record<string, readonly object[]>>;

/**
 * What one room keeps of people: every room that keeps anything has one. Whatever changes may be done twice, so
 * that it can be gone on with after a kill.
 */
export interface PersonalData {
  /** Everything of this person, by what it is. */
  dataOf(person: PersonRef): Promise<ExportedData>;
  /** Why the person cannot be erased yet. */
  holds(person: PersonRef): Promise<readonly Blocker[]>;
  /** Deletes what is the person's own, and takes the person out of what others need. */
  erase(person: PersonRef): Promise<void>;
  /** What would be lost if the one became the other. */
  clashes(from: PersonRef, to: MergeTarget): Promise<readonly Blocker[]>;
  /** Makes everything of the one the other's. */
  move(from: PersonRef, to: MergeTarget): Promise<void>;
}

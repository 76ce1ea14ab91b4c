/** A person, with all courses of the person's registration in which they were seen. */
export interface PersonRef {
  readonly personId: string;
  readonly courseIds: readonly string[];
}

/** The person that another one is merged into. */
export interface MergeTarget extends PersonRef {
  /** The LMS's id. */
  readonly sub: string;
}

/** A reason to refuse an erasure or a merge: something that would be lost. */
export interface Blocker {
  /** `role`: different roles in a course; `time`: two appointments at once; `test`, `grade`, `card`: both have one. */
  readonly what: 'role' | 'time' | 'test' | 'grade' | 'card' | 'teaches';
  /** Title for people. */
  readonly name: string;
}

/** Records by collection, ready for JSON. */
export type ExportedData = Readonly<Record<string, readonly object[]>>;

/**
 * What one feature stores of people; every feature that stores anything registers one. All changes are idempotent, so
 * that they can be repeated after a kill.
 */
export interface PersonalData {
  /** Returns all stored data of the person. */
  dataOf(person: PersonRef): Promise<ExportedData>;
  /** Returns the reasons why the person cannot be erased yet. */
  holds(person: PersonRef): Promise<readonly Blocker[]>;
  /** Deletes the person's own data, and removes the person from data that others need. */
  erase(person: PersonRef): Promise<void>;
  /** Returns the reasons why the persons cannot be merged. */
  clashes(from: PersonRef, to: MergeTarget): Promise<readonly Blocker[]>;
  /** Moves all data of one person to the other. */
  move(from: PersonRef, to: MergeTarget): Promise<void>;
}

import type { PersonalCollection } from './personal-collections.js';
import type { RetentionRule } from './retention.js';

/** A person and the courses in which the person has a membership. */
export interface PersonRef {
  readonly personId: string;
  readonly courseIds: readonly string[];
}

/** The person who remains after a merge. */
export interface MergeTarget extends PersonRef {
  /** The LMS's id. */
  readonly sub: string;
}

/** A reason why an erasure or a merge is refused: something would be lost. */
export interface Blocker {
  /** `role`: different roles in one course; `time`: bookings or slots at the same time; `test`, `grade`, `card`: both have one. */
  readonly what: 'role' | 'time' | 'test' | 'grade' | 'card' | 'teaches';
  /** The title of the course, the test or the series; the name on the card. */
  readonly name: string;
}

/** Documents for the export file, by key. */
export type ExportedData = Readonly<Record<string, readonly object[]>>;

/**
 * Export, erasure and merge of what one feature stores of persons. Each change may run twice, because it is
 * repeated after a crash.
 */
export interface PersonalData {
  /** The collections that hold it. */
  readonly collections: readonly PersonalCollection[];
  /** What of it is removed at an age that an administrator sets. */
  readonly retention?: readonly RetentionRule[];
  /** Returns all documents of the person. */
  dataOf(person: PersonRef): Promise<ExportedData>;
  /** Returns what prevents an erasure. */
  holds(person: PersonRef): Promise<readonly Blocker[]>;
  /** Deletes the person's own documents, and removes the person from documents that others need. */
  erase(person: PersonRef): Promise<void>;
  /** Returns what prevents a merge. */
  clashes(from: PersonRef, to: MergeTarget): Promise<readonly Blocker[]>;
  /** Gives all documents of `from` to the merge target. */
  move(from: PersonRef, to: MergeTarget): Promise<void>;
}

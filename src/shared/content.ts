import type { Actor } from './actor.js';

/**
 * What a link in an LMS course can open. Its custom parameters carry `nastavnik_kind` and `nastavnik_id`; the
 * room that owns the kind answers for it.
 */
export interface ContentKind {
  readonly kind: 'test' | 'consultations' | 'directory';
  /** i18n key of the kind's name, in the singular. */
  readonly label: string;
  /** Where a link of this kind leads, below `/c/<course key>/`. */
  path(id: string): string;
  /** What of this kind the actor may place into the course, in the order to show. */
  list(actor: Actor): Promise<readonly ContentItem[]>;
  /** The page that makes a new one, below `/c/<course key>/`; absent where nothing is made. */
  readonly createPath?: string;
  /** Where a teacher sees what one person has handed in, below `/c/<course key>/`. */
  reviewPath?(id: string, personId: string): string;
  /** Where everybody reads it without a login, on our origin; absent where nobody does. */
  openPath?(id: string): string;
  /** What the gradebook's column of a thing is like; null when there is no such thing. Absent: nothing is graded. */
  columnOf?(courseId: string, id: string): Promise<Column | null>;
  /** Of kinds whose things belong to one course each: what becomes of their links when a course is copied. */
  readonly copies?: Copies;
}

/** Things of one course that a copied course gets copies of: as teachers have set them, without what students did. */
export interface Copies {
  /** The course a thing belongs to; null when there is no such thing, or no longer. */
  courseOf(id: string): Promise<string | null>;
  /** What stands for this thing in a course: the thing itself, or the copy made of it; null when neither is there. */
  standIn(courseId: string, id: string): Promise<string | null>;
  /**
   * Copies a thing into another course, once: the same call again, or at the same moment, finds the first copy.
   * @param from the course the thing belongs to, by its title
   * @returns the copy's id; null when there is no such thing any more
   */
  copy(
    id: string,
    from: { readonly courseId: string; readonly title: string },
    toCourseId: string,
  ): Promise<string | null>;
}

/** A column in the gradebook, as its thing would have it. */
export interface Column {
  readonly label: string;
  /** 0 while there is nothing to reach. */
  readonly scoreMaximum: number;
}

export interface ContentItem {
  readonly id: string;
  readonly title: string;
  /** A line that tells it from its like: dates, number of questions. */
  readonly hint?: string;
  readonly description?: string;
  /** Not yet open to students: may be placed, and opens when it is published. */
  readonly draft?: boolean;
  /** Points to reach; there is a column in the gradebook when given. */
  readonly scoreMaximum?: number;
  /** Work is handed in from then on; absent: at once. */
  readonly opensAt?: Date;
  /** Nothing is handed in after it; absent: never ends. */
  readonly closesAt?: Date;
}

/** A link's content as its custom parameters name it. */
export interface ContentRef {
  readonly kind: ContentKind['kind'];
  readonly id: string;
}

/** A content in the custom parameters of its links. */
export const customOf = ({ kind, id }: ContentRef): Record<string, string> => ({
  nastavnik_kind: kind,
  nastavnik_id: id,
});

/** By which the LMS knows a gradebook column for ours, whoever has made it. */
export const columnKey = ({ kind, id }: ContentRef): { resourceId: string; tag: string } => ({
  resourceId: `${kind}-${id}`,
  tag: kind,
});

/** Where a page that makes content leads back to when it was opened from a Deep Linking picker. */
export const pickerPath = (request: string, made?: ContentRef): string =>
  `deep-linking/${encodeURIComponent(request)}${made ? `?chosen=${made.kind}:${made.id}` : ''}`;

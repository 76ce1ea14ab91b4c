import type { Actor } from './actor.js';

/**
 * A kind of content that a resource link can open. The link's custom parameters are `nastavnik_kind` and
 * `nastavnik_id`; the feature that owns the kind provides these functions.
 */
export interface ContentKind {
  readonly kind: 'test' | 'consultations' | 'directory' | 'material';
  /** i18n key of the kind's name, in the singular. */
  readonly label: string;
  /** Returns the path of the content, below `/c/<course key>/`. */
  path(id: string): string;
  /** Returns what the actor may place into the course, in the order to show. */
  list(actor: Actor): Promise<readonly ContentItem[]>;
  /** Path of the page that creates content, below `/c/<course key>/`; absent if there is none. */
  readonly createPath?: string;
  /** Returns the path of one person's work, below `/c/<course key>/`. */
  reviewPath?(id: string, personId: string): string;
  /** Returns the path of the public page; absent if there is none. */
  openPath?(id: string): string;
  /** Returns the line item of the content, null if the content does not exist. Absent if the kind is not graded. */
  columnOf?(courseId: string, id: string): Promise<Column | null>;
  /** Copies content with its course; absent for kinds whose content belongs to no course. */
  readonly copies?: Copies;
}

/** Copies content into a copied course: the teachers' settings without the students' work. */
export interface Copies {
  /** Returns the id of the content's course, null if the content does not exist. */
  courseOf(id: string): Promise<string | null>;
  /** Returns the id of the content in a course: its own or its copy's; null if there is neither. */
  standIn(courseId: string, id: string): Promise<string | null>;
  /**
   * Copies the content into another course once and returns the copy's id. Another call, also at the same moment,
   * returns the same copy. Returns null if the content does not exist.
   * @param from title of the content's course
   */
  copy(
    id: string,
    from: { readonly courseId: string; readonly title: string },
    toCourseId: string,
  ): Promise<string | null>;
}

/** A line item for the content. */
export interface Column {
  readonly label: string;
  /** 0 if the content has no points yet. */
  readonly scoreMaximum: number;
}

export interface ContentItem {
  readonly id: string;
  readonly title: string;
  /** One line that distinguishes it from similar content: dates, number of questions. */
  readonly hint?: string;
  readonly description?: string;
  /** True for a draft: it may be placed, and opens to students when it is published. */
  readonly draft?: boolean;
  /** Maximum points; with it the content gets a line item. */
  readonly scoreMaximum?: number;
  /** When students can begin to submit; absent: at once. */
  readonly opensAt?: Date;
  /** When students can no longer submit; absent: never. */
  readonly closesAt?: Date;
}

/** Returns the content that a link's custom parameters name. */
export interface ContentRef {
  readonly kind: ContentKind['kind'];
  readonly id: string;
}

/** Returns the custom parameters of a link to the content. */
export const customOf = ({ kind, id }: ContentRef): Record<string, string> => ({
  nastavnik_kind: kind,
  nastavnik_id: id,
});

/** Tag of this tool's line items, created here or by the LMS. */
export const columnKey = ({ kind, id }: ContentRef): { resourceId: string; tag: string } => ({
  resourceId: `${kind}-${id}`,
  tag: kind,
});

/** Returns the address of the deep linking picker from which a page that creates content was opened. */
export const pickerPath = (request: string, made?: ContentRef): string =>
  `deep-linking/${encodeURIComponent(request)}${made ? `?chosen=${made.kind}:${made.id}` : ''}`;

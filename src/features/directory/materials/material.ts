import type { TestRef } from './self-checks.js';

/** What a material is: a file to download, an address, a film of an allowed host, or a text. */
export const MATERIAL_KINDS = ['file', 'link', 'video', 'text'] as const;
export type MaterialKind = (typeof MATERIAL_KINDS)[number];

/** Open to everybody, or for students and staff. */
export const MATERIAL_AUDIENCES = ['public', 'students'] as const;
export type MaterialAudience = (typeof MATERIAL_AUDIENCES)[number];

/** Where knowledge comes from, as a list of sources cites it. */
export interface Source {
  readonly citation: string;
  /** `https:` address, or ''. */
  readonly url: string;
}

export interface StoredFile {
  readonly fileId: string;
  readonly name: string;
  readonly size: number;
}

/** The body of a material; which of them counts, its kind says. */
export interface MaterialBody {
  readonly kind: MaterialKind;
  readonly file: StoredFile | null;
  /** Of a link or a film. */
  readonly url: string;
  readonly text: string;
}

/** An earlier body. */
export interface MaterialVersion extends MaterialBody {
  readonly version: number;
  readonly at: Date;
}

export interface MaterialContent extends MaterialBody {
  readonly title: string;
  readonly topic: string;
  readonly programme: string;
  readonly description: string;
  /** Questions and tasks for self-study. */
  readonly tasks: string;
  readonly sources: readonly Source[];
  /** Tests for self-check. */
  readonly tests: readonly TestRef[];
  readonly audience: MaterialAudience;
}

export interface Material extends MaterialContent {
  readonly id: string;
  /** Stands in URLs; never changes. */
  readonly key: string;
  /** The card to which it belongs. */
  readonly cardId: string;
  /** Rises with every change. */
  readonly version: number;
  /** Newest last. */
  readonly previous: readonly MaterialVersion[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

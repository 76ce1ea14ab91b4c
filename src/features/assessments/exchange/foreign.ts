/** A question as a file holds it, before it is mapped to a type of the bank. Texts are plain or Markdown. */

import type { EmbeddedFile } from '../bank/question-files.service.js';

/**
 * Something that a file says and the bank does not keep: a key below the notes of exchange, or the whole key of a text
 * of a question type (`types.<type>.…`).
 */
export interface Note {
  readonly key: string;
  readonly what?: string;
}

/** An offered or accepted answer. */
export interface ForeignAnswer {
  readonly text: string;
  /** Share of the points, from -1 to 1. */
  readonly fraction: number;
  readonly feedback?: string;
}

/** A right number: any from `value - tolerance` to `value + tolerance`. */
export interface ForeignNumber {
  readonly value: number;
  readonly tolerance: number;
  readonly fraction: number;
  readonly feedback?: string;
}

/**
 * What is asked and what is right. Each kind is of a question type, which says what such a body holds: see
 * `types/<type>/exchange.ts`. A type that the bank has not is of the kind `unknown`.
 */
export interface ForeignBody {
  readonly kind: string;
}

export interface ForeignQuestion {
  /** By which its authors know it; '' for none. */
  readonly name: string;
  readonly text: string;
  /** What is asked of a text with gaps, where `text` is the text with the gaps. Absent: the file does not say. */
  readonly instruction?: string;
  /** How `text`, `feedback` and texts of answers are written; plain if absent. */
  readonly format?: 'markdown' | 'html';
  readonly mark: number;
  /** Shown one by one when asked for. */
  readonly hints?: readonly string[];
  /** Share of the points that each try after the first costs; absent: nothing is said of it. */
  readonly tryPenalty?: number;
  /** Shown with the right answers. */
  readonly feedback: string;
  readonly category: string;
  readonly tags: readonly string[];
  /** Where it stands: a line of a text file, the number of an element, or the name of a file in a package. */
  readonly place: string;
  readonly body: ForeignBody;
  readonly notes: readonly Note[];
}

/** A piece of a file that cannot be read. */
export interface Unreadable {
  readonly place: string;
  readonly key: string;
  readonly what?: string;
}

/** What a file holds. */
export interface ForeignFile {
  readonly questions: readonly ForeignQuestion[];
  readonly unreadable: readonly Unreadable[];
  /** Pictures and recordings that questions refer to as `embedded/<n>`; absent: none. */
  readonly files?: readonly EmbeddedFile[];
}

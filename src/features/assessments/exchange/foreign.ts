/** A question as a file holds it, before it is mapped to a type of the bank. Texts are plain or Markdown. */

import type { EmbeddedFile } from '../bank/question-files.service.js';

/** Something that a file says and the bank does not keep, as a key below the notes of exchange. */
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

/** A gap of a cloze text; the text holds its number in double braces: `{{1}}`. */
export type ForeignGap =
  | {
      readonly kind: 'choice' | 'short';
      readonly answers: readonly ForeignAnswer[];
      readonly caseMatters: boolean;
    }
  | { readonly kind: 'number'; readonly answers: readonly ForeignNumber[] };

/** A picture with places on it; their units are those of `width` and `height`. */
export interface ForeignPicture {
  /** `embedded/<n>`, or the id of a file of the bank; '' where the file has no picture. */
  readonly image: string;
  /** 0: those of the picture itself. */
  readonly width: number;
  readonly height: number;
}

export interface ForeignArea {
  readonly shape: 'rect' | 'circle' | 'poly';
  readonly coords: readonly number[];
}

export type ForeignBody =
  | { readonly kind: 'choice'; readonly several: boolean; readonly answers: readonly ForeignAnswer[] }
  | {
      readonly kind: 'trueFalse';
      readonly right: boolean;
      readonly ifTrue?: string;
      readonly ifFalse?: string;
    }
  | { readonly kind: 'short'; readonly answers: readonly ForeignAnswer[]; readonly caseMatters: boolean }
  | { readonly kind: 'number'; readonly answers: readonly ForeignNumber[]; readonly units: readonly string[] }
  | {
      readonly kind: 'matching';
      readonly pairs: readonly { readonly left: string; readonly right: string }[];
      /** Right-hand texts that belong to no pair. */
      readonly extra: readonly string[];
    }
  | { readonly kind: 'ordering'; readonly items: readonly string[] }
  | { readonly kind: 'cloze'; readonly gaps: readonly ForeignGap[] }
  | {
      readonly kind: 'dragWords';
      readonly answers: readonly string[];
      /** Words that belong into no gap. */
      readonly extra: readonly string[];
    }
  | ({
      readonly kind: 'hotspot';
      readonly areas: readonly (ForeignArea & { readonly right: boolean })[];
    } & ForeignPicture)
  | ({
      readonly kind: 'dragImage';
      readonly zones: readonly (ForeignArea & { readonly answer: string })[];
      readonly extra: readonly string[];
    } & ForeignPicture)
  | {
      readonly kind: 'calculated';
      readonly formula: string;
      readonly variables: readonly {
        readonly name: string;
        readonly least: number;
        readonly most: number;
        readonly decimals: number;
      }[];
      readonly tolerance: number;
      readonly toleranceKind: 'absolute' | 'relative' | 'digits';
    }
  | { readonly kind: 'essay' }
  | { readonly kind: 'file' }
  /** A type that the bank has not, by its name in the file. */
  | { readonly kind: 'unknown'; readonly name: string };

export interface ForeignQuestion {
  readonly title: string;
  readonly text: string;
  /** How `text`, `feedback` and texts of answers are written; plain if absent. */
  readonly format?: 'markdown' | 'html';
  readonly mark: number;
  /** Shown one by one when asked for. */
  readonly hints?: readonly string[];
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

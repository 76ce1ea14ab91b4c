import type { z } from 'zod';
import type { Locale, Texts, Translate } from '../../../i18n/index.js';
import type { Below } from '../attempts/shuffle.js';
import type { ForeignBody } from '../exchange/foreign.js';
import type { TypeExchange } from './type-exchange.js';

/** Values of a form's fields: text, or several texts under one name. */
export type Fields = Readonly<Record<string, string | string[]>>;

/** Values of a form as they were sent. */
export type FormValues = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a student answered, in the stored form of the question's type. */
export type Response = number | boolean | string | readonly number[] | readonly string[];

/** A response as it arrived, read: in its stored form, or null when nothing was answered. */
export interface Reading<R> {
  /** False when the sent values are none that the question's form can send. */
  readonly fits: boolean;
  /** What fits, or what can be shown again of what does not. */
  readonly response: R | null;
}

/**
 * A question type: everything that differs from one type to another. A new type is a folder with one of these and its
 * texts, a line in `index.ts`, and its three templates under `views/assessments/types/<type>/`. See README.md.
 *
 * `assigned` is what an attempt was given of the question beside its version: the order of its parts, or numbers drawn.
 * Methods rather than function properties, so that a type of one definition stands where any is meant.
 */
export interface QuestionType<D extends { readonly type: string }, R extends Response> {
  /** Reads what a form or JSON client sends and makes the definition of it. */
  readonly definition: z.ZodType<D>;
  /** The form's fields as the definition has them: the way back from `definition`. */
  fields(definition: D): Fields;
  /** Deals the question to an attempt. @param shuffled whether the test shuffles answers */
  deal(definition: D, shuffled: boolean, below: Below): number[];
  /**
   * Reads a response.
   * @param sent the values sent under the question's name; none when nothing was chosen
   */
  read(definition: D, sent: readonly string[], assigned: readonly number[]): Reading<R>;
  /** The values that the page sends for a response: the way back from `read`. */
  sent(definition: D, assigned: readonly number[], response: R | null): string[];
  /** Marks a response. @returns 0 (wrong or missing) to 1 (right), or null if a person marks it */
  fraction(definition: D, response: R | null, assigned: readonly number[]): number | null;
  /** What is shown to who answers: nothing of the key may be in it. */
  answering(definition: D, assigned: readonly number[], response: R | null): object;
  /** What is shown when all is over. @param revealed whether the key may be seen */
  review(definition: D, assigned: readonly number[], response: R | null, revealed: boolean): object;
  /** The response in words, one entry for each part: for lists, statistics and exports. */
  words(definition: D, response: R, assigned: readonly number[]): string[];
  /** One of the words as a page says it. Absent if they are said as they are. */
  said?(word: string, t: Translate): string;
  /** Feedback of the author on what was answered. Absent if the type has none. */
  remarks?(definition: D, response: R | null): string[];
  /** Ids of the files of the bank that the definition refers to. Absent if it refers to none. */
  files?(definition: D): string[];
  /** Only a person can mark it. */
  readonly byHand?: true;
  /** Its file is the picture that is asked about (`Picture` of areas.ts). */
  readonly onPicture?: true;
  /** How many files an answer may hold. Absent if it is not answered with files. */
  mostFiles?(definition: D): number;
  /** Fields of its form that have a row for each part. */
  readonly rowFields?: readonly string[];
  /** What its form prints beyond the fields. */
  readonly formModel?: (values: FormValues) => object;
  /** Its questions in files of other systems. */
  readonly exchange: TypeExchange<D, ForeignBody>;
  /** What its pages say: `name`, shown as `assessments.type.<type>`, and the others as `types.<type>.…`. */
  readonly texts: Readonly<Record<Locale, Texts & { readonly name: string }>>;
  /** The question's text as the attempt sees it. Absent if it is the same for all. */
  text?(definition: D, text: string, assigned: readonly number[]): string;
}

/** Characters of the longest response that any type takes. */
export const LONGEST_RESPONSE = 30_000;

/** Types with one answer that is typed have nothing to deal. */
export const nothingAssigned = (): number[] => [];

/** Adds up parts that are each right or not. */
export const share = (right: number, all: number): number => (all === 0 ? 0 : right / all);

import type { z } from 'zod';

/** Values of a form's fields: text, or several texts under one name. */
export type Fields = Readonly<Record<string, string | string[]>>;

/** A response as it arrived, read: in its stored form, or null when nothing was answered. */
export interface Reading<Response> {
  /** False when the sent values are none that the question's form can send. */
  readonly fits: boolean;
  /** What fits, or what can be shown again of what does not. */
  readonly response: Response | null;
}

/**
 * A question type: everything that differs from one type to another. A new type is a new file with one of
 * these, its lines in `index.ts`, and its template under `views/assessments/types/`.
 *
 * Methods rather than function properties, so that a type of one definition stands where any is meant.
 */
export interface QuestionType<Definition extends { readonly type: string }, Response> {
  /** Reads what a form or JSON client sends and makes the definition of it. */
  readonly definition: z.ZodType<Definition>;
  /** The form's fields as the definition has them: the way back from `definition`. */
  fields(definition: Definition): Fields;
  /** How many parts of the question change places when answers are shuffled; 0 when there are none. */
  parts(definition: Definition): number;
  /**
   * Reads a response.
   * @param sent the values sent under the question's name; none when nothing was chosen
   * @param order for each place shown, which part of the definition stood there
   */
  read(definition: Definition, sent: readonly string[], order: readonly number[]): Reading<Response>;
  /** Marks a response. @returns 0 (wrong or missing) to 1 (right) */
  fraction(definition: Definition, response: Response | null): number;
  /** What is shown to who answers: nothing of the key may be in it. */
  answering(definition: Definition, order: readonly number[], response: Response | null): object;
  /** What is shown when all is over. @param revealed whether the key may be seen */
  review(
    definition: Definition,
    order: readonly number[],
    response: Response | null,
    revealed: boolean,
  ): object;
}

import { assertNever } from '../../../shared/errors.js';
import { multiple, type MultipleDefinition } from './multiple.js';
import { numerical, type NumericalDefinition } from './numerical.js';
import { short, type ShortDefinition } from './short.js';
import { single, type SingleDefinition } from './single.js';
import type { QuestionType } from './type.js';

export type { Fields, QuestionType, Reading } from './type.js';
export { decimal, numberText } from './numbers.js';

/** What is asked and what is right, by type. */
export type Definition = SingleDefinition | MultipleDefinition | ShortDefinition | NumericalDefinition;
export type TypeName = Definition['type'];

/** What a student answered, in the stored form of the question's type. */
export type Response = number | readonly number[] | string;

/** In the order in which a teacher is offered them. */
export const TYPE_NAMES = ['single', 'multiple', 'short', 'numerical'] as const satisfies readonly TypeName[];

/** Everything that is special about a type. */
export function typeOf(name: TypeName): QuestionType<Definition, Response> {
  switch (name) {
    case 'single':
      return single;
    case 'multiple':
      return multiple;
    case 'short':
      return short;
    case 'numerical':
      return numerical;
    default:
      return assertNever(name);
  }
}

import { calculated, type CalculatedDefinition } from './calculated/calculated.js';
import { cloze, type ClozeDefinition } from './cloze/cloze.js';
import { dragimage, type DragImageDefinition } from './dragimage/dragimage.js';
import { dragwords, type DragWordsDefinition } from './dragwords/dragwords.js';
import { essay, type EssayDefinition } from './essay/essay.js';
import { file, type FileDefinition } from './file/file.js';
import { hotspot, type HotspotDefinition } from './hotspot/hotspot.js';
import { matching, type MatchingDefinition } from './matching/matching.js';
import { multiple, type MultipleDefinition } from './multiple/multiple.js';
import { numerical, type NumericalDefinition } from './numerical/numerical.js';
import { ordering, type OrderingDefinition } from './ordering/ordering.js';
import { short, type ShortDefinition } from './short/short.js';
import { single, type SingleDefinition } from './single/single.js';
import { truefalse, type TrueFalseDefinition } from './truefalse/truefalse.js';
import type { QuestionType, Response } from './type.js';

export type { Fields, QuestionType, Reading, Response } from './type.js';
export { decimal, numberText } from './numbers.js';

/** What is asked and what is right, by type. */
export type Definition =
  | SingleDefinition
  | MultipleDefinition
  | TrueFalseDefinition
  | ShortDefinition
  | NumericalDefinition
  | MatchingDefinition
  | OrderingDefinition
  | ClozeDefinition
  | DragWordsDefinition
  | DragImageDefinition
  | HotspotDefinition
  | CalculatedDefinition
  | EssayDefinition
  | FileDefinition;
export type TypeName = Definition['type'];

/** In the order in which a teacher is offered them. */
const TYPES = {
  single,
  multiple,
  truefalse,
  short,
  numerical,
  matching,
  ordering,
  cloze,
  dragwords,
  dragimage,
  hotspot,
  calculated,
  essay,
  file,
} as const satisfies Record<TypeName, unknown>;

export const TYPE_NAMES = Object.keys(TYPES) as [TypeName, ...TypeName[]];

/** Everything that is special about a type. */
export const typeOf = (name: TypeName): QuestionType<Definition, Response> => TYPES[name];

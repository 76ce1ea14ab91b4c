import { calculated } from './calculated/calculated.js';
import { cloze } from './cloze/cloze.js';
import { dragimage } from './dragimage/dragimage.js';
import { dragwords } from './dragwords/dragwords.js';
import { essay } from './essay/essay.js';
import { file } from './file/file.js';
import { hotspot } from './hotspot/hotspot.js';
import { matching } from './matching/matching.js';
import { multiple } from './multiple/multiple.js';
import { numerical } from './numerical/numerical.js';
import { ordering } from './ordering/ordering.js';
import { short } from './short/short.js';
import { single } from './single/single.js';
import { truefalse } from './truefalse/truefalse.js';
import type { Picture } from './areas.js';
import { addTexts, type Locale, type Texts, type Translate } from '../../../i18n/index.js';
import type { z } from 'zod';
import type { QuestionType, Response } from './type.js';

export type { Fields, FormValues, QuestionType, Reading, Response } from './type.js';
export { decimal, numberText } from './numbers.js';

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
} as const;

export type TypeName = keyof typeof TYPES;
/** What is asked and what is right, by type. */
export type Definition = z.infer<(typeof TYPES)[TypeName]['definition']>;

export const TYPE_NAMES = Object.keys(TYPES) as [TypeName, ...TypeName[]];

/** Everything that is special about a type. */
export const typeOf = (name: TypeName): QuestionType<Definition, Response> => TYPES[name];

/** The texts of all types: the name of each, and what its pages say. */
export const textsOfTypes = (locale: Locale): Texts => {
  const all = TYPE_NAMES.map((type) => ({ type, ...typeOf(type).texts[locale] }));
  return {
    assessments: { type: Object.fromEntries(all.map(({ type, name }) => [type, name])) },
    types: Object.fromEntries(all.map(({ type, name: _name, ...texts }) => [type, texts])),
  };
};

addTexts({ ru: textsOfTypes('ru'), en: textsOfTypes('en') });

/** A word of a response (`words`) as a page says it. */
export const saidWord = (name: TypeName, word: string, t: Translate): string =>
  typeOf(name).said?.(word, t) ?? word;

/** Whether only a person can mark what is asked. */
export const isByHand = ({ type }: Definition): boolean => typeOf(type).byHand === true;

/** Whether a picture is asked about. */
export const isOnPicture = (definition: Definition): definition is Extract<Definition, Picture> =>
  typeOf(definition.type).onPicture === true;

import {
  choiceBody,
  choiceFormats,
  countRights,
  isChoice,
  rightTexts,
  takeChoice,
  typedChoice,
  type ChoiceBody,
} from '../choice-exchange.js';
import type { TypeExchange } from '../type-exchange.js';
import type { MultipleDefinition } from './multiple.js';

export const exchange: TypeExchange<MultipleDefinition, ChoiceBody> = {
  ...choiceFormats,
  take: ({ body }) => (isChoice(body) && body.several ? takeChoice(body) : null),
  body: ({ options }) => choiceBody(options, true),
  key: ({ options }) => rightTexts(options),
  table: {
    names: ['несколько', 'multiple'],
    fits: ({ answers }) => answers.length > 1 && countRights(answers) > 1,
    read: ({ answers }) => typedChoice(answers, true),
  },
};

import {
  choiceBody,
  choiceFormats,
  countRights,
  isChoice,
  rightTexts,
  takeChoice,
  trueOrFalse,
  typedChoice,
  type ChoiceBody,
} from '../choice-exchange.js';
import type { TypeExchange } from '../type-exchange.js';
import type { SingleDefinition } from './single.js';

export const exchange: TypeExchange<SingleDefinition, ChoiceBody> = {
  ...choiceFormats,
  take: ({ body }) =>
    isChoice(body) && !body.several && trueOrFalse(body) === null ? takeChoice(body) : null,
  body: ({ options }) => choiceBody(options, false),
  key: ({ options }) => rightTexts(options),
  table: {
    names: ['один', 'single'],
    fits: ({ answers }) => answers.length > 1 && countRights(answers) <= 1,
    read: ({ answers }) => typedChoice(answers, false),
  },
};

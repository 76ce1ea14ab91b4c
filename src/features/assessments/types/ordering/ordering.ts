import { z } from 'zod';
import { list, optionalLine } from '../../../../web/parse.js';
import { places } from '../../attempts/shuffle.js';
import { list as listOf, rowsOf } from '../form-rows.js';
import { share, type FormValues, type QuestionType } from '../type.js';
import { exchange } from './exchange.js';
import * as texts from './texts.js';

/** Things to be put into their order. */
export interface OrderingDefinition {
  readonly type: 'ordering';
  /** In the right order. */
  readonly items: readonly string[];
  /** `places`: each thing at its own place counts; `all`: everything or nothing. */
  readonly credit: 'places' | 'all';
}

const MOST_ITEMS = 30;
const NONE = -1;

const schema = z
  .object({ item: list(optionalLine(1_000)), credit: z.enum(['places', 'all']).default('places') })
  .transform(({ item, credit }, context): OrderingDefinition => {
    const items = item.filter((text) => text !== '');
    const fault = (message: string): void => {
      context.addIssue({ code: 'custom', path: ['item'], message });
    };
    if (items.length < 2) fault('errors.field.twoOptions');
    else if (items.length > MOST_ITEMS) fault('errors.field.tooBig');
    else if (new Set(items).size < items.length) fault('errors.field.sameOptions');
    return { type: 'ordering', items, credit };
  });

function itemRows(values: FormValues): object {
  const items = listOf(values.item);
  return { itemRows: rowsOf(items).map((row) => ({ text: items[row] ?? '', number: row + 1 })) };
}

/** A response holds for each item the place that was given to it, from 0, −1 for none. */
export const ordering: QuestionType<OrderingDefinition, readonly number[]> = {
  definition: schema,
  fields: ({ items, credit }) => ({ item: [...items], credit }),
  deal: ({ items }, _shuffled, below) => places(items.length, true, below),
  read({ items }, sent, assigned) {
    const given = sent.map((value) => {
      if (value === '') return NONE;
      const place = /^\d{1,2}$/.test(value) ? Number(value) - 1 : NONE;
      return place >= 0 && place < items.length ? place : undefined;
    });
    if (given.includes(undefined) || sent.length > items.length) return { fits: false, response: null };
    const response = items.map((_, item) => given[assigned.indexOf(item)] ?? NONE);
    return { fits: true, response: response.every((place) => place === NONE) ? null : response };
  },
  sent: (_definition, assigned, response) =>
    response === null
      ? []
      : assigned.map((item) => {
          const place = response[item] ?? NONE;
          return place === NONE ? '' : String(place + 1);
        }),
  fraction({ items, credit }, response) {
    const right = items.filter((_, index) => response?.[index] === index).length;
    return credit === 'all' ? Number(right === items.length) : share(right, items.length);
  },
  answering: ({ items }, assigned, response) => ({
    places: items.map((_, index) => String(index + 1)),
    items: assigned.map((item) => {
      const place = response?.[item] ?? NONE;
      return { text: items[item] ?? '', value: place === NONE ? '' : String(place + 1) };
    }),
  }),
  review({ items }, _assigned, response, revealed) {
    const given = items
      .map((text, index) => ({
        text,
        place: response?.[index] ?? NONE,
        isRight: response?.[index] === index,
      }))
      .filter(({ place }) => place !== NONE)
      .sort((a, b) => a.place - b.place)
      .map(({ text, place, isRight }) => ({ text, place: place + 1, isRight: revealed ? isRight : null }));
    return { rows: given, right: revealed ? items : null };
  },
  words: ({ items }, response) =>
    items
      .map((text, index) => ({ text, place: response[index] ?? NONE }))
      .sort((a, b) => a.place - b.place)
      .map(({ text, place }) => (place === NONE ? `? ${text}` : `${place + 1}. ${text}`)),
  rowFields: ['item'],
  formModel: itemRows,
  exchange,
  texts,
};

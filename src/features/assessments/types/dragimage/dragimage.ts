import { z } from 'zod';
import { areaFormRows } from '../form-rows.js';
import { list, optionalLine } from '../../../../web/parse.js';
import { places } from '../../attempts/shuffle.js';
import {
  areaFields,
  areaRows,
  byPlace,
  drawnArea,
  MOST_AREAS,
  pictureFault,
  pictureFields,
  pictureOf,
  pictureRow,
  readRows,
  type Area,
  type Picture,
} from '../areas.js';
import { NONE, readChosen, sentChosen } from '../chosen-texts.js';
import { share, type QuestionType } from '../type.js';
import { linesOf } from '../words.js';
import { exchange } from './exchange.js';
import * as texts from './texts.js';

export interface DropZone extends Area {
  /** The caption that belongs there. */
  readonly answer: string;
}

/** Captions are put onto their places on a picture: dragged, or chosen in the list of each place. */
export interface DragImageDefinition extends Picture {
  readonly type: 'dragimage';
  /** In the order of reading. */
  readonly zones: readonly DropZone[];
  /** Captions that belong nowhere. */
  readonly distractors: readonly string[];
}

const schema = z
  .object({
    ...pictureFields,
    ...areaFields,
    answer: list(optionalLine(200)),
    distractors: linesOf(200, MOST_AREAS),
  })
  .transform(
    ({ image, imageWidth, imageHeight, answer, distractors, ...rows }, context): DragImageDefinition => {
      const fault = (field: string, message: string): void => {
        context.addIssue({ code: 'custom', path: [field], message });
      };
      const missing = pictureFault({ image, imageWidth, imageHeight });
      if (missing !== null) fault('image', missing);
      const read = readRows(rows, answer);
      if (read.some(({ coords }) => coords === null)) fault('coords', 'errors.field.badArea');
      const zones = read.map(({ row, shape, coords, label }): DropZone => ({
        shape,
        coords: coords ?? [],
        label,
        answer: answer[row] ?? '',
      }));
      if (zones.length === 0) fault('coords', 'errors.field.missing');
      else if (zones.length > MOST_AREAS) fault('coords', 'errors.field.tooBig');
      if (zones.some((zone) => zone.answer === '')) fault('answer', 'errors.field.missing');
      const sorted = zones.sort(byPlace);
      return { type: 'dragimage', image, width: imageWidth, height: imageHeight, zones: sorted, distractors };
    },
  );

/** All different captions, in the order of the definition. */
const captionsOf = ({ zones, distractors }: DragImageDefinition): string[] => [
  ...new Set([...zones.map(({ answer }) => answer), ...distractors]),
];

/** A response holds for each place the index of the caption among the different ones, −1 for none. */
export const dragimage: QuestionType<DragImageDefinition, readonly number[]> = {
  definition: schema,
  fields: (definition) => ({
    ...pictureRow(definition),
    ...areaRows(definition.zones),
    answer: definition.zones.map(({ answer }) => answer),
    distractors: definition.distractors.join('\n'),
  }),
  deal: (definition, _shuffled, below) => places(captionsOf(definition).length, true, below),
  read: ({ zones }, sent, assigned) => readChosen(zones.length, sent, assigned),
  sent: (_definition, assigned, response) => sentChosen(assigned, response),
  fraction(definition, response) {
    const captions = captionsOf(definition);
    const right = definition.zones.filter(
      ({ answer }, index) => captions[response?.[index] ?? NONE] === answer,
    );
    return share(right.length, definition.zones.length);
  },
  answering(definition, assigned, response) {
    const captions = captionsOf(definition);
    const options = assigned.map((part, place) => ({ value: String(place), text: captions[part] ?? '' }));
    const values = dragimage.sent(definition, assigned, response);
    return {
      ...pictureOf(definition),
      captions: options,
      areas: definition.zones.map((zone, index) => ({
        ...drawnArea(zone, definition),
        number: index + 1,
        state: '',
        value: values[index] ?? '',
        caption: captions[response?.[index] ?? NONE] ?? '',
      })),
    };
  },
  review(definition, _assigned, response, revealed) {
    const captions = captionsOf(definition);
    return {
      ...pictureOf(definition),
      areas: definition.zones.map((zone, index) => {
        const given = captions[response?.[index] ?? NONE] ?? '';
        const isRight = revealed ? given === zone.answer : null;
        return {
          ...drawnArea(zone, definition),
          number: index + 1,
          caption: given,
          given,
          right: revealed ? zone.answer : null,
          isRight,
          state: isRight === true ? 'right' : isRight === false && given !== '' ? 'wrong' : '',
        };
      }),
    };
  },
  words(definition, response) {
    const captions = captionsOf(definition);
    return definition.zones.map((_, index) => captions[response[index] ?? NONE] ?? '');
  },
  files: ({ image }) => [image],
  rowFields: ['shape', 'coords', 'label', 'answer'],
  onPicture: true,
  formModel: areaFormRows,
  exchange,
  texts,
};

import { z } from 'zod';
import { areaFormRows } from '../form-rows.js';
import { list, whole } from '../../../../web/parse.js';
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
import { nothingAssigned, type QuestionType } from '../type.js';
import { exchange } from './exchange.js';
import * as texts from './texts.js';

export interface HotspotArea extends Area {
  readonly right: boolean;
}

/** Areas of a picture are offered, and the right ones are chosen: with a click, or in the list below. */
export interface HotspotDefinition extends Picture {
  readonly type: 'hotspot';
  /** In the order of reading. */
  readonly areas: readonly HotspotArea[];
}

const schema = z
  .object({ ...pictureFields, ...areaFields, right: list(whole(0, 999)) })
  .transform(({ image, imageWidth, imageHeight, right, ...rows }, context): HotspotDefinition => {
    const fault = (field: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [field], message });
    };
    const missing = pictureFault({ image, imageWidth, imageHeight });
    if (missing !== null) fault('image', missing);
    const read = readRows(rows);
    if (read.some(({ coords }) => coords === null)) fault('coords', 'errors.field.badArea');
    const areas = read.map(({ row, shape, coords, label }): HotspotArea => ({
      shape,
      coords: coords ?? [],
      label,
      right: right.includes(row),
    }));
    if (areas.length < 2) fault('coords', 'errors.field.twoAreas');
    else if (areas.length > MOST_AREAS) fault('coords', 'errors.field.tooBig');
    if (!areas.some((area) => area.right)) fault('right', 'errors.field.rightMissing');
    return { type: 'hotspot', image, width: imageWidth, height: imageHeight, areas: areas.sort(byPlace) };
  });

const isSeveral = ({ areas }: HotspotDefinition): boolean => areas.filter(({ right }) => right).length > 1;

/** A response holds the indexes of the chosen areas, rising. */
export const hotspot: QuestionType<HotspotDefinition, readonly number[]> = {
  definition: schema,
  fields: (definition) => ({
    ...pictureRow(definition),
    ...areaRows(definition.areas),
    right: definition.areas.flatMap(({ right }, row) => (right ? [String(row)] : [])),
  }),
  deal: nothingAssigned,
  read(definition, sent) {
    const chosen = sent.map((value) => (/^\d{1,2}$/.test(value) ? Number(value) : NaN));
    const fits =
      chosen.every((index) => index < definition.areas.length) &&
      (isSeveral(definition) || chosen.length <= 1);
    const response = [...new Set(chosen)].sort((a, b) => a - b);
    return { fits, response: fits && response.length > 0 ? response : null };
  },
  sent: (_definition, _assigned, response) => (response ?? []).map(String),
  fraction(definition, response) {
    const { areas } = definition;
    const chosen = response ?? [];
    const rights = areas.filter(({ right }) => right).length;
    const hits = chosen.filter((index) => areas[index]?.right).length;
    if (!isSeveral(definition)) return hits;
    const wrongs = areas.length - rights;
    return Math.max(0, hits / rights - (wrongs === 0 ? 0 : (chosen.length - hits) / wrongs));
  },
  answering(definition, _assigned, response) {
    return {
      ...pictureOf(definition),
      several: isSeveral(definition),
      areas: definition.areas.map((area, index) => ({
        ...drawnArea(area, definition),
        value: String(index),
        number: index + 1,
        chosen: response?.includes(index) ?? false,
        state: response?.includes(index) ? 'chosen' : '',
      })),
    };
  },
  review(definition, _assigned, response, revealed) {
    return {
      ...pictureOf(definition),
      areas: definition.areas.map((area, index) => {
        const chosen = response?.includes(index) ?? false;
        return {
          ...drawnArea(area, definition),
          number: index + 1,
          chosen,
          right: revealed ? area.right : null,
          state: revealed && area.right ? 'right' : chosen ? 'chosen' : '',
        };
      }),
    };
  },
  words: ({ areas }, response) =>
    response.map((index) => [`№ ${index + 1}`, areas[index]?.label ?? ''].join(' ').trim()),
  files: ({ image }) => [image],
  rowFields: ['shape', 'coords', 'label'],
  onPicture: true,
  formModel: areaFormRows,
  exchange,
  texts,
};

import type { ForeignArea, ForeignBody, ForeignPicture } from '../foreign.js';
import { xmlText } from './escape.js';
import type { MediaById } from './media-out.js';
import { declaration, R, type Asked } from './qti3-parts.js';

type Of<Kind extends ForeignBody['kind']> = Extract<ForeignBody, { readonly kind: Kind }>;

/** Words dragged into the gaps of a text, which holds `{{1}}`, `{{2}}` … */
export function dragWords(text: string, { answers, extra }: Of<'dragWords'>): Asked {
  const words = [...new Set([...answers, ...extra])];
  const choices = words.map(
    (word, index) =>
      `<qti-gap-text identifier="W${index + 1}" match-max="${Math.max(1, answers.filter((answer) => answer === word).length)}">${xmlText(word)}</qti-gap-text>`,
  );
  const body = text.replace(
    /\{\{(\d+)\}\}/gu,
    (_match, number: string) => `<qti-gap identifier="G${number}"/>`,
  );
  return {
    declarations: declaration(
      R,
      'multiple',
      'directedPair',
      answers.map((answer, index) => `W${words.indexOf(answer) + 1} G${index + 1}`),
    ),
    body: `<qti-gap-match-interaction response-identifier="${R}" shuffle="true" max-associations="${answers.length}">${choices.join('')}${body}</qti-gap-match-interaction>`,
  };
}

const coordsOf = ({ coords }: ForeignArea): string => coords.map((value) => Math.round(value)).join(',');

/** @returns '' where the picture is gone */
function pictureOf({ image, width, height }: ForeignPicture, media: MediaById): string {
  const file = media.get(image);
  return file === undefined
    ? ''
    : `<object data="../media/${file.fileName}" type="${file.type}" width="${width}" height="${height}"></object>`;
}

/** Areas to choose, or places for captions. */
export function onPicture(text: string, body: Of<'hotspot'> | Of<'dragImage'>, media: MediaById): Asked {
  const picture = pictureOf(body, media);
  if (body.kind === 'hotspot') {
    const rights = body.areas.flatMap(({ right }, index) => (right ? [`A${index + 1}`] : []));
    const several = rights.length > 1;
    const areas = body.areas.map(
      (area, index) =>
        `<qti-hotspot-choice identifier="A${index + 1}" shape="${area.shape}" coords="${coordsOf(area)}"/>`,
    );
    return {
      declarations: declaration(R, several ? 'multiple' : 'single', 'identifier', rights),
      body: `${text}<qti-hotspot-interaction response-identifier="${R}" max-choices="${several ? 0 : 1}">${picture}${areas.join('')}</qti-hotspot-interaction>`,
    };
  }
  const captions = [...new Set([...body.zones.map(({ answer }) => answer), ...body.extra])];
  const drags = captions.map((caption, index) => {
    const count = body.zones.filter(({ answer }) => answer === caption).length;
    return `<qti-gap-text identifier="C${index + 1}" match-max="${Math.max(1, count)}">${xmlText(caption)}</qti-gap-text>`;
  });
  const places = body.zones.map(
    (zone, index) =>
      `<qti-associable-hotspot identifier="Z${index + 1}" match-max="1" shape="${zone.shape}" coords="${coordsOf(zone)}"/>`,
  );
  const pairs = body.zones.map(({ answer }, index) => `C${captions.indexOf(answer) + 1} Z${index + 1}`);
  return {
    declarations: declaration(R, 'multiple', 'directedPair', pairs),
    body: `${text}<qti-graphic-gap-match-interaction response-identifier="${R}" max-associations="${body.zones.length}">${picture}${drags.join('')}${places.join('')}</qti-graphic-gap-match-interaction>`,
  };
}

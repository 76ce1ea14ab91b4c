import type { ForeignArea, ForeignBody } from '../foreign.js';
import { xmlText } from './escape.js';

/* Types of Moodle with gaps, places on a picture, and numbers that are drawn. */

type DragWords = Extract<ForeignBody, { readonly kind: 'dragWords' }>;

const wordsOf = ({ answers, extra }: DragWords): string[] => [...new Set([...answers, ...extra])];

/** The number of a gap's word in the list of words, from 1. */
export const wordNumber = (body: DragWords, gap: number): number =>
  wordsOf(body).indexOf(body.answers[gap - 1] ?? '') + 1;

/** @param file the element with the file of this id */
export function innerOfMore(body: ForeignBody, file: (id: string) => string): string {
  switch (body.kind) {
    case 'dragWords':
      return `<shuffleanswers>1</shuffleanswers>${wordsOf(body)
        .map((word) => `<dragbox><text>${xmlText(word)}</text><group>1</group><infinite/></dragbox>`)
        .join('')}`;
    case 'dragImage':
      return markers(
        file(body.image),
        [...new Set([...body.zones.map(({ answer }) => answer), ...body.extra])],
        body.zones,
      );
    case 'hotspot':
      // Moodle shows no areas: the right ones are to be marked.
      return markers(
        file(body.image),
        [MARK],
        body.areas.filter(({ right }) => right).map((area) => ({ ...area, answer: MARK })),
      );
    case 'calculated':
      return calculated(body);
    default:
      return '';
  }
}

/** The one marker of a question about areas. */
const MARK = '✓';

function markers(
  picture: string,
  captions: readonly string[],
  zones: readonly (ForeignArea & { readonly answer: string })[],
): string {
  const drags = captions.map((caption, index) => {
    const count = zones.filter(({ answer }) => answer === caption).length;
    return `<drag><no>${index + 1}</no><text>${xmlText(caption)}</text><noofdrags>${Math.max(1, count)}</noofdrags></drag>`;
  });
  const drops = zones.map(
    (zone, index) =>
      `<drop><no>${index + 1}</no>${shapeOf(zone)}<choice>${captions.indexOf(zone.answer) + 1}</choice></drop>`,
  );
  return `${picture}<shuffleanswers/>${drags.join('')}${drops.join('')}`;
}

function shapeOf({ shape, coords }: ForeignArea): string {
  const [a = 0, b = 0, c = 0, d = 0] = coords;
  const [name, numbers] =
    shape === 'circle'
      ? ['circle', `${a},${b};${c}`]
      : shape === 'rect'
        ? ['rectangle', `${a},${b};${c - a},${d - b}`]
        : ['polygon', pairsOf(coords).join(';')];
  return `<shape>${name}</shape><coords>${numbers}</coords>`;
}

const pairsOf = (coords: readonly number[]): string[] =>
  coords.flatMap((x, index) => (index % 2 === 0 ? [`${x},${coords[index + 1] ?? 0}`] : []));

const text = (value: string | number): string => `<text>${xmlText(String(value))}</text>`;

function calculated(body: Extract<ForeignBody, { readonly kind: 'calculated' }>): string {
  const names = body.variables.map(({ name }) => name);
  const formula = names.reduce(
    (written, name) => written.replace(new RegExp(`\\b${name}\\b`, 'gu'), `{${name}}`),
    body.formula.replace(/\bPI\b/gu, 'pi()'),
  );
  const relative = body.toleranceKind === 'relative';
  const tolerance = relative ? body.tolerance / 100 : body.tolerance;
  const sets = body.variables.map(
    ({ name, least, most, decimals }) =>
      `<dataset_definition><status>${text('private')}</status><name>${text(name)}</name><type>calculated</type><distribution>${text('uniform')}</distribution><minimum>${text(least)}</minimum><maximum>${text(most)}</maximum><decimals>${text(decimals)}</decimals><itemcount>1</itemcount><dataset_items><dataset_item><number>1</number><value>${most}</value></dataset_item></dataset_items><number_of_items>1</number_of_items></dataset_definition>`,
  );
  return `<answer fraction="100">${text(formula)}<tolerance>${tolerance}</tolerance><tolerancetype>${relative ? 1 : 2}</tolerancetype><correctanswerformat>1</correctanswerformat><correctanswerlength>4</correctanswerlength><feedback format="html"><text></text></feedback></answer><dataset_definitions>${sets.join('')}</dataset_definitions>`;
}

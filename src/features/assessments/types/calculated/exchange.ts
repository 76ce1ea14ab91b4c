import type { ForeignBody } from '../../exchange/foreign.js';
import { contentIn, numberIn, wordsIn } from '../../exchange/formats/moodle-parts.js';
import { xmlText } from '../../exchange/writers/escape.js';
import { attribute, elementsOf, firstOf, type XmlElement } from '../../exchange/xml.js';
import { numberText, type ToleranceKind } from '../numbers.js';
import type { TypeExchange } from '../type-exchange.js';
import type { CalculatedDefinition, Variable } from './calculated.js';

interface CalculatedBody extends ForeignBody {
  readonly kind: 'calculated';
  readonly formula: string;
  readonly variables: readonly Variable[];
  readonly tolerance: number;
  readonly toleranceKind: ToleranceKind;
}

const isCalculated = (body: ForeignBody): body is CalculatedBody => body.kind === 'calculated';

/** Only Moodle has such questions; QTI gets the text, to be answered in words. */
export const exchange: TypeExchange<CalculatedDefinition, CalculatedBody> = {
  kind: 'calculated',
  take: ({ body }) =>
    isCalculated(body)
      ? {
          fields: {
            formula: body.formula,
            variables: body.variables.map(
              ({ name, least, most, decimals }) =>
                `${name} = ${numberText(least)} … ${numberText(most)}${decimals === 0 ? '' : `; ${decimals}`}`,
            ),
            tolerance: numberText(body.tolerance),
            toleranceKind: body.toleranceKind,
          },
        }
      : null,
  body: ({ formula, variables, tolerance, toleranceKind }) => ({
    kind: 'calculated',
    formula,
    variables,
    tolerance,
    toleranceKind,
  }),
  key: ({ formula }) => [formula],
  moodle: {
    // With offered answers (`calculatedmulti`) it is told by its name, and not read.
    names: ['calculated', 'calculatedsimple', 'calculatedmulti'],
    read: (element) =>
      attribute(element, 'type') === 'calculatedmulti' ? null : { body: readMoodle(element) },
    name: 'calculatedsimple',
    write: writeMoodle,
  },
};

const RELATIVE = '1';

/** A formula of the numbers `{a}`, with the ranges of its data set. https://docs.moodle.org/en/Calculated_question_type */
function readMoodle(element: XmlElement): CalculatedBody {
  const answers = elementsOf(element, 'answer');
  const best = answers.find((answer) => attribute(answer, 'fraction') === '100') ?? answers[0];
  const variables = elementsOf(firstOf(element, 'dataset_definitions') ?? element, 'dataset_definition').map(
    (set) => ({
      name: wordsIn(set, 'name'),
      least: Number(wordsIn(set, 'minimum')),
      most: Number(wordsIn(set, 'maximum')),
      decimals: Number(wordsIn(set, 'decimals') || '0'),
    }),
  );
  const kind = contentIn(best, 'tolerancetype') === RELATIVE ? 'relative' : 'absolute';
  const tolerance = numberIn(best, 'tolerance');
  return {
    kind: 'calculated',
    formula: contentIn(best, 'text')
      .replace(/\{(\w+)\}/gu, '$1')
      .replace(/\bpi\(\)/gu, 'PI'),
    variables,
    // Moodle's relative tolerance is a share, ours a percentage.
    tolerance: Number.isFinite(tolerance) ? (kind === 'relative' ? tolerance * 100 : tolerance) : 0,
    toleranceKind: kind,
  };
}

const text = (value: string | number): string => `<text>${xmlText(String(value))}</text>`;

function writeMoodle(body: CalculatedBody): string {
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

import type { GiftQuestion, GiftRead, TypeExchange } from '../type-exchange.js';
import type { ForeignBody, ForeignNumber } from '../../exchange/foreign.js';
import type { Read } from '../../exchange/formats/moodle-files.js';
import { contentIn, numberIn } from '../../exchange/formats/moodle-parts.js';
import { isNumber, keysOf } from '../../exchange/formats/qti-parts.js';
import type { Asked12 } from '../../exchange/formats/qti12-parts.js';
import { percent, xmlText } from '../../exchange/writers/escape.js';
import { comment, weight } from '../../exchange/writers/gift-parts.js';
import { entryAsked } from '../../exchange/writers/qti3-parts.js';
import { attribute, elementsOf, firstOf, type XmlElement } from '../../exchange/xml.js';
import { allowedBy, numberFrom, numberText } from '../numbers.js';
import { remarksOf } from '../remarks.js';
import type { NumericalDefinition, Unit } from './numerical.js';

interface NumberBody extends ForeignBody {
  readonly kind: 'number';
  readonly answers: readonly ForeignNumber[];
  readonly units: readonly Unit[];
  /** Share of the points lost by a missing unit; absent: none. */
  readonly unitPenalty?: number;
  /** Feedback on any other number. */
  readonly otherwise?: string;
}

const isNumberBody = (body: ForeignBody): body is NumberBody => body.kind === 'number';

export const exchange: TypeExchange<NumericalDefinition, NumberBody> = {
  kind: 'number',
  take({ body }) {
    if (!isNumberBody(body)) return null;
    const rights = body.answers.filter(({ fraction }) => fraction > 0);
    const [best] = [...rights].sort((a, b) => b.fraction - a.fraction);
    const remarks = remarksOf([
      ...body.answers.map(({ value, feedback }) => ({ text: numberText(value), feedback })),
      { text: '*', feedback: body.otherwise },
    ]);
    return {
      fields: {
        value: best ? numberText(best.value) : '',
        tolerance: best ? numberText(best.tolerance) : '',
        toleranceKind: 'absolute',
        units: body.units.map(({ text, factor }) => `${text} = ${numberText(factor)}`),
        unitPenalty: (body.unitPenalty ?? 0) * 100,
        ...(remarks.length > 0 && { remarks }),
      },
      notes: rights.length > 1 ? [{ key: 'types.numerical.otherNumbers' }] : [],
    };
  },
  // Files have no per cent and no digits.
  body({ value, tolerance, toleranceKind, units = [], unitPenalty = 0, remarks = [] }) {
    const within = (number: number): number => rounded(allowedBy(number, tolerance, toleranceKind));
    const numbers = remarks.flatMap(({ text, feedback }) => {
      const number = numberFrom(text);
      return number === null ? [] : [{ value: number, feedback }];
    });
    const feedback = numbers.find((remark) => remark.value === value)?.feedback;
    const otherwise = remarks.find(({ text }) => text === '*')?.feedback;
    return {
      kind: 'number',
      units,
      ...(unitPenalty > 0 && { unitPenalty }),
      ...(otherwise !== undefined && { otherwise }),
      answers: [
        { value, tolerance: within(value), fraction: 1, ...(feedback !== undefined && { feedback }) },
        ...numbers
          .filter((remark) => remark.value !== value)
          .map((remark) => ({ ...remark, tolerance: within(remark.value), fraction: 0 })),
      ],
    };
  },
  key: ({ value, tolerance }) => [
    `${numberText(value)}${tolerance === 0 ? '' : ` ± ${numberText(tolerance)}`}`,
  ],
  moodle: {
    names: ['numerical'],
    read: (element, { plain }) => ({
      body: {
        kind: 'number',
        answers: numbersOf(element, plain),
        units: unitsOf(element),
        ...penaltyOf(element),
        ...otherwiseOf(element, plain),
      },
    }),
    name: 'numerical',
    write: ({ answers, units, unitPenalty, otherwise }, { text }) =>
      `${answers
        .map(
          ({ value, tolerance, fraction, feedback = '' }) =>
            `<answer fraction="${percent(fraction)}" format="plain_text"><text>${value}</text><tolerance>${tolerance}</tolerance>${text('feedback', feedback)}</answer>`,
        )
        .join(
          '',
        )}${otherwise === undefined ? '' : `<answer fraction="0" format="plain_text"><text>*</text><tolerance>0</tolerance>${text('feedback', otherwise)}</answer>`}${writtenUnits(units, unitPenalty)}`,
  },
  gift: {
    read: (question, read) =>
      question.type === 'Numerical'
        ? { kind: 'number', answers: giftNumbers(question.choices, read), units: [] }
        : null,
    write: ({ answers }) =>
      `#\n${answers
        .filter(({ fraction }) => fraction > 0)
        .map(
          (given) =>
            `=${given.fraction === 1 ? '' : weight(given.fraction)}${given.value}:${given.tolerance}${comment(given)}`,
        )
        .join('\n')}\n`,
  },
  qti: {
    read({ only }) {
      if (only?.name !== 'textEntryInteraction' || !isNumber(only.response)) return null;
      const answers = keysOf(only.response).map(({ text, fraction }) => ({
        value: Number(text),
        tolerance: 0,
        fraction,
      }));
      return { kind: 'number', units: [], answers };
    },
    isAskedBelow: true,
    write: ({ answers }, text) =>
      entryAsked(
        text,
        'float',
        answers.map(({ value, fraction }) => ({ text: String(value), fraction })),
      ),
  },
  qti12: {
    read: (asked) =>
      isNumeric12(asked)
        ? {
            kind: 'number',
            units: [],
            answers: numbers12(asked),
          }
        : null,
  },
  table: {
    names: ['число', 'number', 'numerical'],
    read({ keys, tolerance: written }) {
      const tolerance = Number(written.replace(',', '.') || '0');
      const values = keys
        .map((text) => Number(text.replace(/\s/gu, '').replace(',', '.')))
        .filter(Number.isFinite);
      return {
        kind: 'number',
        answers: values.map((value) => ({ value, tolerance, fraction: 1 })),
        units: [],
      };
    },
  },
};

/** Whether an item of QTI 1.2 asks for a number. */
export const isNumeric12 = ({ hasTyped, type, keys, ranges }: Asked12): boolean =>
  hasTyped &&
  (type.includes('numerical') ? keys.length + ranges.length > 0 : ranges.length > 0) &&
  keys.every(({ value }) => Number.isFinite(Number(value)));

/** Removes the error of binary fractions: the mean of 3.13 and 3.15 is 3.14. */
const rounded = (value: number): number => Number(value.toPrecision(12));

/** Ranges as numbers with a tolerance, and the numbers that lie in none of them. */
const numbers12 = ({ keys, ranges }: Asked12): ForeignNumber[] => [
  ...ranges.map(({ least, most }) => ({
    value: rounded((least + most) / 2),
    tolerance: rounded((most - least) / 2),
    fraction: 1,
  })),
  ...keys
    .map(({ value }) => Number(value))
    .filter((value) => !ranges.some(({ least, most }) => least <= value && value <= most))
    .map((value) => ({ value, tolerance: 0, fraction: 1 })),
];

const numbersOf = (element: XmlElement, read: Read): ForeignNumber[] =>
  elementsOf(element, 'answer').flatMap((given) => {
    const value = Number(contentIn(given, 'text').replace(',', '.'));
    const tolerance = Number(contentIn(given, 'tolerance').replace(',', '.') || '0');
    // Of `*` the feedback alone is taken.
    if (!Number.isFinite(value) || !Number.isFinite(tolerance)) return [];
    return [
      {
        value,
        tolerance,
        fraction: Number(attribute(given, 'fraction') || '0') / 100,
        feedback: read(firstOf(given, 'feedback')),
      },
    ];
  });

/** `*` is Moodle's "any other answer". */
function otherwiseOf(element: XmlElement, read: Read): { readonly otherwise?: string } {
  const other = elementsOf(element, 'answer').find((given) => contentIn(given, 'text') === '*');
  const feedback = read(other && firstOf(other, 'feedback'));
  return feedback === '' ? {} : { otherwise: feedback };
}

/** Moodle says how many of a unit make the value: 1000 where the value is 1 km and the unit is m. */
const unitsOf = (element: XmlElement): Unit[] =>
  elementsOf(firstOf(element, 'units') ?? element, 'unit').flatMap((unit) => {
    const text = contentIn(unit, 'unit_name');
    const multiplier = Number(contentIn(unit, 'multiplier').replace(',', '.'));
    return text === '' ? [] : [{ text, factor: multiplier > 0 ? rounded(1 / multiplier) : 1 }];
  });

/** A unit that is missing or wrong costs a share of the points (`1`: of those of the answer, `2`: of the question). */
function penaltyOf(element: XmlElement): { readonly unitPenalty?: number } {
  const penalty = numberIn(element, 'unitpenalty');
  const costs = /^[12]$/u.test(contentIn(element, 'unitgradingtype')) && penalty > 0 && penalty <= 1;
  return costs ? { unitPenalty: penalty } : {};
}

const writtenUnits = (units: readonly Unit[], penalty: number | undefined): string =>
  units.length === 0
    ? ''
    : `<units>${units.map(({ text, factor }) => `<unit><multiplier>${rounded(1 / factor)}</multiplier><unit_name>${xmlText(text)}</unit_name></unit>`).join('')}</units><unitgradingtype>${penalty === undefined ? 0 : 1}</unitgradingtype><unitpenalty>${penalty ?? 0.1}</unitpenalty><showunits>0</showunits><unitsleft>0</unitsleft>`;

interface GiftNumber {
  readonly type: 'simple' | 'range' | 'high-low';
  readonly number?: number;
  readonly range?: number;
  readonly numberHigh?: number;
  readonly numberLow?: number;
}

type GiftNumbers = Extract<GiftQuestion, { type: 'Numerical' }>['choices'];

function giftNumbers(choices: GiftNumbers, read: GiftRead): ForeignNumber[] {
  const rows = Array.isArray(choices)
    ? choices.map((choice) => ({ ...choice, number: choice.text }))
    : [{ number: choices as unknown as GiftNumber, weight: null, isCorrect: true, feedback: null }];
  return rows
    .filter(({ number }) => typeof number === 'object' && 'type' in number)
    .map(({ number, weight: share, isCorrect, feedback }) => ({
      ...rangeOf(number),
      fraction: share === null ? (isCorrect ? 1 : 0) : share / 100,
      feedback: read(feedback),
    }));
}

function rangeOf({ type, number = 0, range = 0, numberHigh = 0, numberLow = 0 }: GiftNumber) {
  if (type !== 'high-low') return { value: number, tolerance: range };
  return { value: (numberHigh + numberLow) / 2, tolerance: Math.abs(numberHigh - numberLow) / 2 };
}

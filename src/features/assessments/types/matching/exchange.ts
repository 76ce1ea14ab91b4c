import type { ForeignBody } from '../../exchange/foreign.js';
import { wordsIn } from '../../exchange/formats/moodle-parts.js';
import { all, plain } from '../../exchange/formats/qti-parts.js';
import { labelsOf, materialOf } from '../../exchange/formats/qti12-parts.js';
import { xmlText } from '../../exchange/writers/escape.js';
import { escaped } from '../../exchange/writers/gift-parts.js';
import { withMore } from '../../exchange/writers/moodle-parts.js';
import { declaration, R } from '../../exchange/writers/qti3-parts.js';
import { attribute, elementsOf } from '../../exchange/xml.js';
import type { TypeExchange } from '../type-exchange.js';
import type { MatchingDefinition } from './matching.js';

interface Pair {
  readonly left: string;
  readonly right: string;
}

interface MatchingBody extends ForeignBody {
  readonly kind: 'matching';
  readonly pairs: readonly Pair[];
  /** Right-hand texts that belong to no pair. */
  readonly extra: readonly string[];
}

const isMatching = (body: ForeignBody): body is MatchingBody => body.kind === 'matching';

/** Pairs whose left side is empty give texts to choose from that belong to none. */
const matchingOf = (pairs: readonly (readonly [string, string])[]): MatchingBody => ({
  kind: 'matching',
  pairs: pairs.filter(([left]) => left !== '').map(([left, right]) => ({ left, right })),
  extra: pairs.filter(([left]) => left === '').map(([, right]) => right),
});

/** Those of the texts that belong to no pair. */
const unused = (texts: readonly string[], pairs: readonly Pair[]): string[] => {
  const used = new Set(pairs.map(({ right }) => right));
  return texts.filter((text) => !used.has(text));
};

/** All pairs, and then what belongs to none with an empty left side. */
const rowsOf = ({ pairs, extra }: MatchingBody): Pair[] => [
  ...pairs,
  ...extra.map((right) => ({ left: '', right })),
];

/** The parser leaves its own placeholders of escaped signs in the right side of a pair: `&&125;` for `}`. */
const unescaped = (text: string): string =>
  text.replace(/&&(\d{3});/gu, (_match, code: string) => String.fromCharCode(Number(code)));

const matchSet = (prefix: string, texts: readonly string[], most: number): string =>
  `<qti-simple-match-set>${texts
    .map(
      (item, index) =>
        `<qti-simple-associable-choice identifier="${prefix}${index + 1}" match-max="${most}">${xmlText(item)}</qti-simple-associable-choice>`,
    )
    .join('')}</qti-simple-match-set>`;

export const exchange: TypeExchange<MatchingDefinition, MatchingBody> = {
  kind: 'matching',
  take: ({ body }) =>
    isMatching(body)
      ? {
          fields: {
            prompt: [...body.pairs.map(({ left }) => left), ...body.extra.map(() => '')],
            answer: [...body.pairs.map(({ right }) => right), ...body.extra],
          },
        }
      : null,
  body: ({ pairs, distractors }) => ({
    kind: 'matching',
    pairs: pairs.map(({ prompt, answer }) => ({ left: prompt, right: answer })),
    extra: distractors,
  }),
  key: ({ pairs }) => pairs.map(({ prompt, answer }) => `${prompt} → ${answer}`),
  moodle: {
    names: ['match', 'matching'],
    read: (element, { read }) => ({
      body: matchingOf(
        elementsOf(element, 'subquestion').map((pair) => [read(pair), wordsIn(pair, 'answer')]),
      ),
    }),
    name: 'matching',
    write: (body, { text }) =>
      rowsOf(body)
        .map(({ left, right }) => {
          const answer = `<answer><text>${xmlText(right)}</text></answer>`;
          return left === ''
            ? `<subquestion format="html"><text></text>${answer}</subquestion>`
            : withMore(text('subquestion', left), 'subquestion', answer);
        })
        .join(''),
  },
  gift: {
    read: (question, read) =>
      question.type === 'Matching'
        ? matchingOf(
            question.matchPairs.map(({ subquestion, subanswer }) => [
              read(subquestion),
              unescaped(subanswer),
            ]),
          )
        : null,
    write: (body) =>
      `\n${rowsOf(body)
        .map(({ left, right }) => `=${escaped(left)} -> ${escaped(right)}`)
        .join('\n')}\n`,
  },
  qti: {
    read({ only, find }) {
      if (only?.name !== 'matchInteraction') return null;
      const [lefts, rights] = all(only.element, 'simpleMatchSet').map(
        (set) =>
          new Map(
            all(set, 'simpleAssociableChoice').map((item) => [
              attribute(item, 'identifier'),
              plain(item, find),
            ]),
          ),
      );
      const pairs = only.response.correct.flatMap((pair) => {
        const [left = '', right = ''] = pair.split(/\s+/u);
        const [from, to] = [lefts?.get(left), rights?.get(right)];
        return from !== undefined && to !== undefined ? [{ left: from, right: to }] : [];
      });
      return { kind: 'matching', pairs, extra: unused([...(rights?.values() ?? [])], pairs) };
    },
    write({ pairs, extra }, text) {
      const rights = [...new Set([...pairs.map(({ right }) => right), ...extra])];
      const lefts = pairs.map(({ left }) => left);
      const correct = pairs.map(({ right }, index) => `L${index + 1} R${rights.indexOf(right) + 1}`);
      return {
        declarations: declaration(R, 'multiple', 'directedPair', correct),
        body: `${text}<qti-match-interaction response-identifier="${R}" shuffle="true" max-associations="${pairs.length}">${matchSet('L', lefts, 1)}${matchSet('R', rights, pairs.length)}</qti-match-interaction>`,
      };
    },
  },
  qti12: {
    read({ type, choices, keys, find }) {
      const [first] = choices;
      if (first === undefined || choices.length < 2 || !/^$|matching/u.test(type)) return null;
      const pairs = choices.flatMap((response) => {
        const key = keys.find((found) => found.response === attribute(response, 'ident'));
        const right = labelsOf(response).find(({ id }) => id === key?.value)?.text;
        const left = materialOf(response, find);
        return right !== undefined && left !== '' ? [{ left, right }] : [];
      });
      const texts = labelsOf(first).map(({ text }) => text);
      return { kind: 'matching', pairs, extra: unused(texts, pairs) };
    },
  },
  table: {
    names: ['соответствие', 'matching'],
    read: ({ keys }) => ({
      kind: 'matching',
      pairs: keys.flatMap((text) => {
        const [left, right] = text.split(/\s*(?:->|→|=)\s*/u);
        return left && right ? [{ left, right }] : [];
      }),
      extra: [],
    }),
  },
};

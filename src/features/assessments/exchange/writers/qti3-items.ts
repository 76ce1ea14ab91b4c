import type { ForeignAnswer, ForeignGap, ForeignQuestion } from '../foreign.js';
import { htmlIn, xmlText } from './escape.js';
import type { MediaById } from './media-out.js';
import { declaration, R, type Asked } from './qti3-parts.js';
import { dragWords, onPicture } from './qti3-picture.js';

/** A text as markup: plain text line by line. */
const markup = ({ text, format }: Pick<ForeignQuestion, 'text' | 'format'>): string =>
  format === undefined ? paragraphs(text) : htmlIn(text, format);

const paragraphs = (text: string): string =>
  text
    .split('\n')
    .map((line) => `<p>${xmlText(line)}</p>`)
    .join('');

const choiceId = (index: number): string => `C${index + 1}`;

export function asked(question: ForeignQuestion, media: MediaById): Asked {
  const { body } = question;
  const text = markup(question);
  switch (body.kind) {
    case 'choice':
      return choice(text, body.answers, body.several);
    case 'trueFalse':
      return choice(
        text,
        [
          { text: 'True', fraction: body.right ? 1 : 0 },
          { text: 'False', fraction: body.right ? 0 : 1 },
        ],
        false,
      );
    case 'short':
      return entry(text, 'string', body.answers);
    case 'number':
      return entry(
        text,
        'float',
        body.answers.map(({ value, fraction }) => ({ text: String(value), fraction })),
      );
    case 'ordering':
      return {
        declarations: declaration(
          R,
          'ordered',
          'identifier',
          body.items.map((_item, index) => choiceId(index)),
        ),
        body: `${text}<qti-order-interaction response-identifier="${R}" shuffle="true">${simple(body.items)}</qti-order-interaction>`,
      };
    case 'matching':
      return matching(text, body.pairs, body.extra);
    case 'cloze':
      return cloze(text, body.gaps);
    case 'dragWords':
      return dragWords(text, body);
    case 'hotspot':
    case 'dragImage':
      return onPicture(text, body, media);
    case 'file':
      return {
        declarations: declaration(R, 'single', 'file', []),
        body: `${text}<qti-upload-interaction response-identifier="${R}"/>`,
      };
    default:
      return {
        declarations: declaration(R, 'single', 'string', []),
        body: `${text}<qti-extended-text-interaction response-identifier="${R}"/>`,
      };
  }
}

const simple = (texts: readonly string[], name = 'qti-simple-choice'): string =>
  texts.map((text, index) => `<${name} identifier="${choiceId(index)}">${xmlText(text)}</${name}>`).join('');

const isPartial = (answers: readonly ForeignAnswer[], several: boolean): boolean => {
  const shares = answers.filter(({ fraction }) => fraction !== 0).map(({ fraction }) => fraction);
  return (
    shares.some((fraction) => fraction < 0) ||
    (several ? new Set(shares.map((share) => share.toFixed(4))).size > 1 : shares.length > 1)
  );
};

function choice(text: string, answers: readonly ForeignAnswer[], several: boolean): Asked {
  const right = answers.flatMap(({ fraction }, index) =>
    (several ? fraction > 0 : fraction === 1) ? [choiceId(index)] : [],
  );
  const mapping = isPartial(answers, several)
    ? answers.map(({ fraction }, index) => [choiceId(index), fraction] as const)
    : [];
  return {
    declarations: declaration(R, several ? 'multiple' : 'single', 'identifier', right, mapping),
    body: `${text}<qti-choice-interaction response-identifier="${R}" shuffle="true" max-choices="${several ? 0 : 1}">${simple(answers.map((answer) => answer.text))}</qti-choice-interaction>`,
  };
}

function entry(text: string, baseType: string, answers: readonly ForeignAnswer[]): Asked {
  const rights = answers.filter(({ fraction }) => fraction > 0);
  const mapping = rights.length > 1 ? rights.map((answer) => [answer.text, answer.fraction] as const) : [];
  return {
    declarations: declaration(
      R,
      'single',
      baseType,
      rights.slice(0, 1).map((answer) => answer.text),
      mapping,
    ),
    body: `${text}<p><qti-text-entry-interaction response-identifier="${R}"/></p>`,
  };
}

function matching(
  text: string,
  pairs: readonly { readonly left: string; readonly right: string }[],
  extra: readonly string[],
): Asked {
  const rights = [...new Set([...pairs.map(({ right }) => right), ...extra])];
  const set = (prefix: string, texts: readonly string[], most: number): string =>
    `<qti-simple-match-set>${texts
      .map(
        (item, index) =>
          `<qti-simple-associable-choice identifier="${prefix}${index + 1}" match-max="${most}">${xmlText(item)}</qti-simple-associable-choice>`,
      )
      .join('')}</qti-simple-match-set>`;
  return {
    declarations: declaration(
      R,
      'multiple',
      'directedPair',
      pairs.map(({ right }, index) => `L${index + 1} R${rights.indexOf(right) + 1}`),
    ),
    body: `${text}<qti-match-interaction response-identifier="${R}" shuffle="true" max-associations="${pairs.length}">${set(
      'L',
      pairs.map(({ left }) => left),
      1,
    )}${set('R', rights, pairs.length)}</qti-match-interaction>`,
  };
}

function cloze(text: string, gaps: readonly ForeignGap[]): Asked {
  const id = (index: number): string => `GAP${index + 1}`;
  const declarations = gaps.map((gap, index) => {
    if (gap.kind === 'choice')
      return declaration(
        id(index),
        'single',
        'identifier',
        gap.answers.flatMap(({ fraction }, at) => (fraction === 1 ? [choiceId(at)] : [])),
      );
    const keys: readonly ForeignAnswer[] =
      gap.kind === 'number'
        ? gap.answers.map(({ value, fraction }) => ({ text: String(value), fraction }))
        : gap.answers;
    const rights = keys.filter(({ fraction }) => fraction > 0);
    const mapping = rights.length > 1 ? rights.map((key) => [key.text, key.fraction] as const) : [];
    return declaration(
      id(index),
      'single',
      gap.kind === 'short' ? 'string' : 'float',
      rights.slice(0, 1).map((key) => key.text),
      mapping,
    );
  });
  const body = text.replace(/\{\{(\d+)\}\}/gu, (match, number: string) => {
    const index = Number(number) - 1;
    const gap = gaps[index];
    if (gap === undefined) return match;
    return gap.kind === 'choice'
      ? `<qti-inline-choice-interaction response-identifier="${id(index)}">${simple(
          gap.answers.map((answer) => answer.text),
          'qti-inline-choice',
        )}</qti-inline-choice-interaction>`
      : `<qti-text-entry-interaction response-identifier="${id(index)}"/>`;
  });
  return { declarations: declarations.join(''), body };
}

import type { ForeignAnswer, ForeignNumber, ForeignQuestion } from '../foreign.js';
import { MEDIA } from '../../bank/rich-text.js';
import { percent } from './escape.js';

/** Signs with a meaning in GIFT; a backslash goes before them. `->` cannot be escaped: the arrow stands for it. */
const escaped = (text: string): string =>
  text
    .replace(/->/gu, '→')
    .replace(/[\\~=#{}:]/gu, (sign) => `\\${sign}`)
    .replace(/\n/gu, '\\n');

/** Writes questions as GIFT; what it cannot hold is left out and named in a comment. https://docs.moodle.org/en/GIFT_format */
export const writeGift = (questions: readonly ForeignQuestion[]): string =>
  `${questions.map(withoutFiles).join('\n\n')}\n`;

/** Pictures and recordings are named in a comment. */
function withoutFiles(question: ForeignQuestion): string {
  const text = JSON.stringify(question);
  const names = [...text.matchAll(MEDIA)].map(([, alt = '']) => alt || '?');
  if (names.length === 0) return entry(question);
  const bare = JSON.parse(text.replace(MEDIA, '$1')) as ForeignQuestion;
  return `// ${bare.text.replace(/\s+/gu, ' ').slice(0, 100)}: ${names.join(', ')} (not in GIFT)\n${entry(bare)}`;
}

function entry(question: ForeignQuestion): string {
  const body = bodyOf(question);
  if (body === null) return `// ${question.body.kind}: ${question.text.replace(/\s+/gu, ' ').slice(0, 200)}`;
  const title = question.title === '' ? '' : `::${escaped(question.title)}::`;
  const feedback = question.feedback === '' ? '' : `####${escaped(question.feedback)}\n`;
  const format = question.format ?? 'plain';
  return `${title}[${format}]${escaped(question.text)} {${body}${feedback}}`;
}

const rows = (answers: readonly ForeignAnswer[], sign: (answer: ForeignAnswer) => string): string =>
  `\n${answers.map((answer) => `${guarded(sign(answer), answer)}${escaped(answer.text)}${comment(answer)}`).join('\n')}\n`;

/** A text that begins as a weight or a format would gets one before it. */
const guarded = (sign: string, { text, fraction }: ForeignAnswer): string =>
  (text.startsWith('%') && !sign.endsWith('%') ? `${sign}%${percent(fraction)}%` : sign) +
  (text.startsWith('[') ? '[plain]' : '');

const comment = ({ feedback = '' }: ForeignAnswer | ForeignNumber): string =>
  feedback === '' ? '' : `#${escaped(feedback)}`;

const weight = (fraction: number): string => (fraction === 0 ? '' : `%${percent(fraction)}%`);

function bodyOf({ body }: ForeignQuestion): string | null {
  switch (body.kind) {
    case 'choice':
      return rows(body.answers, ({ fraction }) =>
        body.several ? `~%${percent(fraction)}%` : fraction === 1 ? '=' : `~${weight(fraction)}`,
      );
    case 'trueFalse':
      return body.right ? 'TRUE' : 'FALSE';
    case 'short':
      return rows(body.answers, ({ fraction }) => (fraction === 1 ? '=' : `=${weight(fraction)}`));
    case 'number':
      return `#\n${body.answers
        .map(
          (answer) =>
            `=${answer.fraction === 1 ? '' : weight(answer.fraction)}${answer.value}:${answer.tolerance}${comment(answer)}`,
        )
        .join('\n')}\n`;
    case 'matching':
      return `\n${[...body.pairs, ...body.extra.map((right) => ({ left: '', right }))]
        .map(({ left, right }) => `=${escaped(left)} -> ${escaped(right)}`)
        .join('\n')}\n`;
    case 'essay':
      return '';
    default:
      return null;
  }
}

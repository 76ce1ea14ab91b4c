import type { ForeignAnswer, ForeignNumber } from '../foreign.js';
import { percent } from './escape.js';

/** Signs with a meaning in GIFT; a backslash goes before them. `->` cannot be escaped: the arrow stands for it. */
export const escaped = (text: string): string =>
  text
    .replace(/->/gu, '→')
    .replace(/[\\~=#{}:]/gu, (sign) => `\\${sign}`)
    .replace(/\n/gu, '\\n');

/** Answers, one a line. @param sign before the text of an answer */
export const rows = (answers: readonly ForeignAnswer[], sign: (answer: ForeignAnswer) => string): string =>
  `\n${answers.map((answer) => `${guarded(sign(answer), answer)}${escaped(answer.text)}${comment(answer)}`).join('\n')}\n`;

/** A text that begins as a weight or a format would gets one before it. */
const guarded = (sign: string, { text, fraction }: ForeignAnswer): string =>
  (text.startsWith('%') && !sign.endsWith('%') ? `${sign}%${percent(fraction)}%` : sign) +
  (text.startsWith('[') ? '[plain]' : '');

export const comment = ({ feedback = '' }: ForeignAnswer | ForeignNumber): string =>
  feedback === '' ? '' : `#${escaped(feedback)}`;

export const weight = (fraction: number): string => (fraction === 0 ? '' : `%${percent(fraction)}%`);

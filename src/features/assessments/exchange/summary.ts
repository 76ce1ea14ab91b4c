import type { Translate } from '../../../i18n/index.js';
import { contentOf } from './content.js';
import type { ForeignFile, Note } from './foreign.js';

/** What of a file could not be read or kept, in words. */
export interface LeftOutText {
  readonly place: string;
  readonly text: string;
  readonly why: string;
}

export interface Summary {
  readonly format: string;
  /** Questions that the bank can hold. */
  readonly ready: number;
  readonly leftOut: readonly LeftOutText[];
  /** Questions that lose something, and what. */
  readonly notes: readonly { readonly place: string; readonly notes: readonly string[] }[];
}

/** A type's note has a key of the type's own texts. */
export const noteText = ({ key, what = '' }: Note, t: Translate): string =>
  t(key.includes('.') ? key : `exchange.note.${key}`, { what });

export const unreadableText = (key: string, t: Translate): string => t(`exchange.problem.${key}` as never);

export const problemText = (problem: string, what: string, t: Translate): string =>
  problem === 'type'
    ? t('exchange.left.type', { type: what })
    : t('exchange.left.field', { problem: t(problem) });

/** Sums up a file without a bank: for the terminal and for benchmarks. */
export function summaryOf(
  { questions, unreadable, format }: ForeignFile & { readonly format: string },
  t: Translate,
): Summary {
  const mapped = questions.map((question) => ({ question, made: contentOf(question) }));
  return {
    format,
    ready: mapped.filter(({ made }) => 'content' in made).length,
    leftOut: [
      ...mapped.flatMap(({ question: { place, text }, made }) =>
        'problem' in made
          ? [{ place, text: text.slice(0, 100), why: problemText(made.problem, made.what, t) }]
          : [],
      ),
      ...unreadable.map(({ place, key, what = '' }) => ({ place, text: what, why: unreadableText(key, t) })),
    ],
    notes: mapped.flatMap(({ question: { place }, made }) =>
      'content' in made && made.notes.length > 0
        ? [{ place, notes: made.notes.map((note) => noteText(note, t)) }]
        : [],
    ),
  };
}

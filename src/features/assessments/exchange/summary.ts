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

/** @param what the field of the form that does not fit, or how its file calls the type */
export function problemText(problem: string, what: string, t: Translate): string {
  if (problem === 'type') return t('exchange.left.type', { type: what });
  if (problem === 'errors.field.missing') {
    if (what === 'text') return t('exchange.left.noText');
    return t(/(?:^|\.)(?:text|option)$/u.test(what) ? 'exchange.left.emptyAnswer' : 'exchange.left.noKey');
  }
  if (problem === 'errors.field.tooLong' && what === 'text') return t('exchange.left.longText');
  return t('exchange.left.field', { problem: t(problem) });
}

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

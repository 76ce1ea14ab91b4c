import type { ForeignAnswer } from '../foreign.js';
import { xmlText } from './escape.js';

/** A response, its key, and the markup that asks for it. */
export interface Asked {
  readonly declarations: string;
  readonly body: string;
}

export function declaration(
  id: string,
  cardinality: string,
  baseType: string,
  correct: readonly string[],
  mapping: readonly (readonly [string, number])[] = [],
): string {
  const values = correct.map((value) => `<qti-value>${xmlText(value)}</qti-value>`).join('');
  const entries = mapping
    .map(([key, value]) => `<qti-map-entry map-key="${xmlText(key)}" mapped-value="${value}"/>`)
    .join('');
  return `<qti-response-declaration identifier="${id}" cardinality="${cardinality}" base-type="${baseType}">${values === '' ? '' : `<qti-correct-response>${values}</qti-correct-response>`}${entries === '' ? '' : `<qti-mapping default-value="0">${entries}</qti-mapping>`}</qti-response-declaration>`;
}

/** Of the one interaction of an item. */
export const R = 'RESPONSE';

export const choiceId = (index: number): string => `C${index + 1}`;

export const simple = (texts: readonly string[], name = 'qti-simple-choice'): string =>
  texts.map((text, index) => `<${name} identifier="${choiceId(index)}">${xmlText(text)}</${name}>`).join('');

/** The declaration of an answer that is typed: one key, or a mapping of several. */
export function typedDeclaration(id: string, baseType: string, answers: readonly ForeignAnswer[]): string {
  const rights = answers.filter(({ fraction }) => fraction > 0);
  const mapping = rights.length > 1 ? rights.map((answer) => [answer.text, answer.fraction] as const) : [];
  const correct = rights.slice(0, 1).map((answer) => answer.text);
  return declaration(id, 'single', baseType, correct, mapping);
}

/** A short text or a number is typed. */
export const entryAsked = (text: string, baseType: string, answers: readonly ForeignAnswer[]): Asked => ({
  declarations: typedDeclaration(R, baseType, answers),
  body: `${text}<p><qti-text-entry-interaction response-identifier="${R}"/></p>`,
});

/** A longer text is typed, and read by a person. */
export const textAsked = (text: string): Asked => ({
  declarations: declaration(R, 'single', 'string', []),
  body: `${text}<qti-extended-text-interaction response-identifier="${R}"/>`,
});

/** Offered answers. */
export function choiceAsked(text: string, answers: readonly ForeignAnswer[], several: boolean): Asked {
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

const isPartial = (answers: readonly ForeignAnswer[], several: boolean): boolean => {
  const shares = answers.filter(({ fraction }) => fraction !== 0).map(({ fraction }) => fraction);
  return (
    shares.some((fraction) => fraction < 0) ||
    (several ? new Set(shares.map((share) => share.toFixed(4))).size > 1 : shares.length > 1)
  );
};

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

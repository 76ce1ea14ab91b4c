import { typeOf } from '../types/index.js';
import type { QuestionContent } from './questions.store.js';

/** Ids of the files of the bank that a text refers to. */
export const idsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/files\/([a-z2-9]{20})/gu)].map(([, id = '']) => id)),
];

/** Ids of the files of the bank that a question refers to: in its texts, and in its definition. */
export const filesIn = (content: QuestionContent): string[] => [
  ...new Set([
    ...idsIn(JSON.stringify(content)),
    ...(typeOf(content.definition.type).files?.(content.definition) ?? []),
  ]),
];

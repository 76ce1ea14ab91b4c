import type { BankFilter } from '../bank/bank.service.js';

export const EXPORT_FORMATS = ['gift', 'moodle-xml', 'qti'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Which questions: those of a test, or those of the bank that a filter finds. */
export type ExportSource =
  { readonly kind: 'test'; readonly testId: string } | { readonly kind: 'bank'; readonly filter: BankFilter };

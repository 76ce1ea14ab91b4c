import type { BUILT_IN_TYPES } from '../series/series-settings.js';
import { typeFields, type TypeRules } from './types.fields.js';

const usual = typeFields.usual;

/** What the types are before an administrator changes them; a group's never propose one seat. */
export const BUILT_IN: Readonly<Record<(typeof BUILT_IN_TYPES)[number], TypeRules>> = {
  individual: { ...usual, form: 'individual', capacity: 1 },
  group: { ...usual, form: 'group', capacity: 10, length: 45 },
  class: { ...usual, form: 'group', capacity: 25, length: 45 },
  online: { ...usual, form: 'group', mode: 'video', capacity: 5, length: 30 },
  beforeInterim: {
    ...usual,
    ...{ form: 'group', purpose: 'beforeInterim', capacity: 25, length: 90 },
    ...{ required: 'yes', opensDays: 0, inviteDays: 7 },
  },
  beforeFinal: {
    ...usual,
    ...{ form: 'group', purpose: 'beforeFinal', capacity: 25, length: 90 },
    ...{ required: 'yes', opensDays: 0, inviteDays: 7 },
  },
  asynchronous: { ...usual, form: 'individual', capacity: 1, question: 'required' },
};

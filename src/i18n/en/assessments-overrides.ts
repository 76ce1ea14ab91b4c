import type { English } from '../english.js';
import type { overrideTexts as overrideTextsRu } from '../ru/assessments-overrides.js';

export const overrideTexts: English<typeof overrideTextsRu> = {
  title: 'Individual terms',
  open: 'Individual terms',
  lead: 'Other dates, time or attempts for a student or a group. They count at once, for attempts under way as well.',
  empty: 'The terms are the same for everybody.',
  new: 'Add or change',
  subject: 'For',
  extraPercent: 'More time, %',
  extraHint: '25: 50 minutes instead of 40',
  attemptsHint: '0: any number',
  emptyHint: 'An empty field: as for everybody.',
  extra: 'time +{{percent}} %',
  attempts_one: '{{count}} attempt',
  attempts_other: '{{count}} attempts',
  code: 'a code of their own',
  remove: 'Remove',
};

import { z } from 'zod';
import { networkFrom } from '../../shared/addresses.js';
import { badInput, notFound } from '../../shared/errors.js';
import { instantAt, localAt } from '../../shared/zoned.js';
import { isZone } from '../../web/context.js';
import { checkbox, line, list, optionalLine, parse, text, whole } from '../../web/parse.js';
import { GRADING_METHODS } from './marking/grading.js';
import { MOST_POINTS } from './bank/question.schema.js';
import { reviewFields, reviewFrom, reviewShape } from './review/review.schema.js';
import { OVERDUE_RULES, SCALES, USUAL_SETTINGS, type TestSettings } from './tests/tests.store.js';
import { decimal, numberText } from './types/index.js';
import { decimalOr, numberFrom, weighted } from './types/numbers.js';
import { linesOf } from './types/words.js';

const matching =
  (pattern: RegExp) =>
  (value: unknown): string => {
    if (typeof value !== 'string' || !pattern.test(value)) throw notFound();
    return value;
  };

/** Names in addresses that can name nothing are as good as unknown. @throws DomainError `not-found` */
export const recordId = matching(/^[0-9a-f]{24}$/);
export const questionKey = matching(/^[a-z2-9]{12}$/);
/** Of a question in an attempt: 1, 2, 3 … @returns its index, from 0 */
export const questionIndex = (value: unknown): number => Number(matching(/^[1-9]\d{0,2}$/)(value)) - 1;

/** The Deep Linking request that a page was opened from; kept through its forms. */
export const pickerRequest = z.object({
  for: z
    .string()
    .regex(/^[\w-]{16,64}$/)
    .optional()
    .catch(undefined),
});

const LONGEST_LIMIT = 24 * 60;
const MOST_ATTEMPTS = 100;

/** Empty means 0, which means no limit. */
const limit = (most: number) =>
  z.preprocess((sent) => (sent === '' || sent === undefined ? 0 : sent), whole(0, most));

/** In which a form showed its dates; the reader's may have changed since. */
export const zoneField = z.string().refine(isZone).optional().catch(undefined);

/** Three shares that rise, for the grades 3, 4 and 5. */
function thresholdsFrom(sent: readonly (string | number)[], fault: () => void): readonly number[] {
  const given = sent.filter((value) => value !== '');
  if (given.length === 0) return USUAL_SETTINGS.thresholds;
  const numbers = given.map((value) => (typeof value === 'number' ? value : numberFrom(value)));
  const [three = null, four = null, five = null] = numbers;
  if (numbers.length !== 3 || three === null || four === null || five === null) {
    fault();
    return USUAL_SETTINGS.thresholds;
  }
  if (!(three > 0 && three < four && four < five && five <= 100)) fault();
  return [three, four, five];
}

const MOST_NETWORKS = 50;

/** Networks parted by lines, commas or spaces in a form; a list in JSON. */
const networksField = z
  .union([z.string(), z.array(z.string())])
  .default('')
  .transform((sent, context) => {
    const texts = (typeof sent === 'string' ? sent.split(/[\s,;]+/) : sent).filter((text) => text !== '');
    const networks = texts.map(networkFrom).filter((network) => network !== null);
    if (networks.length < texts.length)
      context.addIssue({ code: 'custom', message: 'errors.field.networks' });
    if (networks.length > MOST_NETWORKS) context.addIssue({ code: 'custom', message: 'errors.field.tooBig' });
    return [...new Set(networks)];
  });

const settingsForm = z.object({
  title: line(300),
  description: text(5_000),
  shuffleQuestions: checkbox,
  shuffleAnswers: checkbox,
  attemptsAllowed: limit(MOST_ATTEMPTS),
  timeLimitMinutes: limit(LONGEST_LIMIT),
  opensAt: optionalLine(40),
  closesAt: optionalLine(40),
  grading: z.enum(GRADING_METHODS).default('highest'),
  ...reviewShape,
  whenOverdue: z.enum(OVERDUE_RULES).default('submit'),
  overdueMinutes: limit(LONGEST_LIMIT),
  delayMinutes: limit(60 * 24 * 60),
  accessCode: optionalLine(60),
  networks: networksField,
  pledge: checkbox,
  pageSize: limit(200),
  sequential: checkbox,
  certainty: checkbox,
  scale: z.enum(SCALES).default('points'),
  thresholds: list(z.union([z.number(), z.string()])).transform((sent, context) =>
    thresholdsFrom(sent, () => {
      context.addIssue({ code: 'custom', message: 'errors.field.thresholds' });
    }),
  ),
  passPercent: decimalOr(0, 0, 100),
  partialGrades: checkbox,
  holdGrades: checkbox,
  bands: linesOf(500, 20).transform((lines, context) =>
    lines.map((line) => {
      const { text: words, fraction } = weighted(line);
      if (words === line) context.addIssue({ code: 'custom', message: 'errors.field.bands' });
      return { percent: Math.round(fraction * 1e7) / 1e5, text: words };
    }),
  ),
  /** In which the form showed its dates; the reader's may have changed since. */
  zone: zoneField,
});

const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/;

/** A wall clock of the zone, as forms have it, or an instant with its offset, as JSON may. Empty is null. */
export function moment(sent: string, field: string, zone: string): Date | null {
  if (sent === '') return null;
  const instant = INSTANT.test(sent) ? new Date(sent) : instantAt(sent, zone);
  if (instant === null || Number.isNaN(instant.getTime())) throw badInput({ [field]: 'errors.field.wrong' });
  return instant;
}

/**
 * A test's settings from a form or JSON.
 * @param readerZone in which dates are meant when the form does not say
 * @throws DomainError `bad-input`
 */
export function settingsFrom(body: unknown, readerZone: string): TestSettings {
  const { zone = readerZone, opensAt, closesAt, grid, ...rest } = parse(settingsForm, body);
  const opens = moment(opensAt, 'opensAt', zone);
  const closes = moment(closesAt, 'closesAt', zone);
  if (opens && closes && closes <= opens) throw badInput({ closesAt: 'errors.field.endBeforeStart' });
  return { ...rest, opensAt: opens, closesAt: closes, ...reviewFrom({ ...rest, grid, closesAt: closes }) };
}

/** The way back: a form's fields as the settings have them, dates in `zone`. */
export const settingsFields = (settings: TestSettings, zone: string): Record<string, string | string[]> => ({
  title: settings.title,
  description: settings.description,
  ...(settings.shuffleQuestions && { shuffleQuestions: 'on' }),
  ...(settings.shuffleAnswers && { shuffleAnswers: 'on' }),
  attemptsAllowed: settings.attemptsAllowed === 0 ? '' : String(settings.attemptsAllowed),
  timeLimitMinutes: settings.timeLimitMinutes === 0 ? '' : String(settings.timeLimitMinutes),
  opensAt: settings.opensAt ? localAt(settings.opensAt, zone) : '',
  closesAt: settings.closesAt ? localAt(settings.closesAt, zone) : '',
  grading: settings.grading,
  ...reviewFields(settings),
  whenOverdue: settings.whenOverdue,
  overdueMinutes: shownLimit(settings.overdueMinutes),
  delayMinutes: shownLimit(settings.delayMinutes),
  accessCode: settings.accessCode,
  networks: settings.networks.join('\n'),
  ...(settings.pledge && { pledge: 'on' }),
  pageSize: shownLimit(settings.pageSize),
  ...(settings.sequential && { sequential: 'on' }),
  ...(settings.certainty && { certainty: 'on' }),
  scale: settings.scale,
  threshold3: numberText(settings.thresholds[0] ?? 0),
  threshold4: numberText(settings.thresholds[1] ?? 0),
  threshold5: numberText(settings.thresholds[2] ?? 0),
  passPercent: settings.passPercent === 0 ? '' : numberText(settings.passPercent),
  ...(settings.partialGrades && { partialGrades: 'on' }),
  ...(settings.holdGrades && { holdGrades: 'on' }),
  bands: settings.bands.map(({ percent, text: words }) => `${numberText(percent)} % ${words}`).join('\n'),
});

const shownLimit = (value: number): string => (value === 0 ? '' : String(value));

/** A test that stands in the course is removed when the person has said so twice. */
export const removal = z.object({ sure: checkbox });

/** Which version of the record the form was filled from. */
export const seenEdition = z.object({ edition: whole(1, 1e9) });
export const seenVersion = z.object({ version: whole(1, 1e9) });

export const move = z.object({ to: z.enum(['up', 'down']) });

export const fromBank = z.object({
  key: list(z.string().regex(/^[a-z2-9]{12}$/)).refine((keys) => keys.length > 0, {
    error: 'errors.field.missing',
  }),
});

/** Section of a test that a question belongs to; '' for none. */
export const sectionForm = z.object({ section: optionalLine(120) });

export const drawForm = z.object({
  category: optionalLine(300),
  tag: optionalLine(60),
  count: whole(1, 100),
  mark: decimalOr(1, 0.01, MOST_POINTS),
  section: optionalLine(120),
});
export const drawId = matching(/^[a-z2-9]{12}$/);

export const givenTestForm = z.object({ title: line(300), maximum: decimal(0.01, MOST_POINTS) });

export {
  answersFrom,
  autosave,
  logForm,
  pageNumber,
  previewAnswers,
  previewSeed,
  startForm,
  turnForm,
} from './attempts/attempts.schema.js';

/** Why an attempt is removed. */
export const attemptRemoval = z.object({ why: line(500) });

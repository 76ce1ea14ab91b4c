import type { Request } from 'express';
import { sentFields, type FormAgain } from '../../../web/form.js';
import { addDays, dateIn } from '../../../shared/days.js';
import type { Translate } from '../../../i18n/index.js';
import type { Place } from '../../schedule/index.js';
import { VIDEOS } from './series-settings.js';
import type { Series } from './series.store.js';
import type { ConsultationKind } from '../types/types.service.js';
import { seriesFields } from './series.fields.js';

/* What the forms of a series show before anything is typed, and again after. Pure. */

type Values = FormAgain['values'];

/** The names of the form's fields. What a request sends besides is not carried on. */
const FIELDS: ReadonlySet<string> = new Set([
  ...Object.keys(seriesFields.shape),
  ...['type', 'attestation', 'exceptions', 'chosen', 'take', 'start2', 'end2', 'start3', 'end3'],
  ...['teacher', 'from', 'to', 'weekdays', 'start', 'end', 'zone', 'length', 'gap'],
  ...['draft', 'for', 'fills'],
]);

const WEEKS_AHEAD = 4;

/** A new series as the form proposes it: with the rules of its type, from tomorrow, in the reader's zone. */
export const blankSeries = (
  { id, rules }: Pick<ConsultationKind, 'id' | 'rules'>,
  { now, zone, draft, forRequest }: { now: Date; zone: string; draft: string; forRequest: string },
): Values => {
  const tomorrow = addDays(dateIn(zone, now), 1);
  return {
    ...seriesFields.texts(seriesFields.pick(rules)),
    type: id,
    from: tomorrow,
    to: addDays(tomorrow, 7 * WEEKS_AHEAD - 1),
    weekdays: [],
    start: '15:00',
    end: '17:00',
    zone,
    length: String(rules.length),
    gap: '0',
    draft,
    for: forRequest,
  };
};

/** A draft's timetable as the form proposes it: the draft's terms, and times as of a new one. */
export const draftValues = (blank: Values, series: Series): Values => ({
  ...blank,
  ...seriesFields.texts(series),
  type: series.type,
  teacher: series.teacherId,
  zone: series.pattern.zone,
  length: String(series.pattern.length),
  gap: String(series.pattern.gap),
  fills: series.id,
});

/** A series' days and hours as their form shows them. */
export const patternValues = (pattern: Series['pattern']): Values => ({
  from: pattern.from,
  to: pattern.to,
  weekdays: pattern.weekdays.map(String),
  start: pattern.start,
  end: pattern.end === '24:00' ? '00:00' : pattern.end,
  ...Object.fromEntries(
    pattern.bands.flatMap(({ start, end }, index) => [
      [`start${index + 2}`, start],
      [`end${index + 2}`, end === '24:00' ? '00:00' : end],
    ]),
  ),
  exceptions: pattern.except.map((date) => date.split('-').reverse().join('.')).join(', '),
  length: String(pattern.length),
  gap: String(pattern.gap),
});

/** What was sent, as form values. */
export const sentValues = (body: unknown): Values =>
  Object.fromEntries(Object.entries(sentFields(body)).filter(([name]) => FIELDS.has(name)));

/**
 * Rooms and ways of video calls as the form offers them: name and wording. Closed rooms and servers that are not set
 * up are left out, except what the series has now.
 */
export const seriesChoices = (
  t: Translate,
  places: readonly Place[],
  ways: readonly string[],
  kept: { readonly roomId: string; readonly video: string },
) => ({
  roomId: [
    ['', t('consultations.field.noRoom')] as const,
    ...places
      .filter(({ closed, roomId }) => !closed || roomId === kept.roomId)
      .map(({ roomId, title, capacity }) => [roomId, `${title} (${capacity})`] as const),
  ],
  video: VIDEOS.filter((way) => ways.includes(way) || way === kept.video),
});

/** What selects of the form offer beside what the series keeps. */
export type SeriesFormChoices = (
  req: Request,
  kept: { readonly roomId: string; readonly video: string },
) => Promise<ReturnType<typeof seriesChoices>>;

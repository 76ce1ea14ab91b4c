import { z } from 'zod';
import { MINUTE } from '../../shared/clock.js';
import { isZone } from '../../web/context.js';
import { id, list, text, whole } from '../../web/parse.js';
import { LONGEST_SLOT, TYPES } from './series/series-settings.js';
import { seriesFields } from './series/series.fields.js';

export const LIMITS = {
  question: 1_000,
  reason: 300,
  /** Minutes. */
  length: LONGEST_SLOT / MINUTE,
  gap: 240,
} as const;

const FIVE = 5;

/** `YYYY-MM-DD`, as date fields send it. */
const date = z.iso.date();
/** `HH:MM`, on the grid of five minutes. */
const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { abort: true })
  .regex(/[05]$/, { message: 'errors.field.fiveMinutes' });

const minutes = (least: number, most: number) =>
  whole(least, most).refine((value) => value % FIVE === 0, { message: 'errors.field.fiveMinutes' });

type Context = z.core.$RefinementCtx;

const wrong = (context: Context, field: string, key: string): void => {
  context.addIssue({ code: 'custom', path: [field], message: `errors.field.${key}` });
};

interface Whereabouts {
  readonly place: string;
  readonly link: string;
  readonly roomId: string;
  readonly video: string;
}

const somewhere = ({ place, link, roomId, video }: Whereabouts, context: Context): void => {
  if (place === '' && link === '' && roomId === '' && video === 'link')
    wrong(context, 'place', 'placeOrLink');
};

const endAfterStart = (input: { start: string; end: string }, context: Context): void => {
  if (input.end <= input.start) wrong(context, 'end', 'endBeforeStart');
};

/** A new series as its form sends it. */
export const newSeries = z
  .object({
    ...seriesFields.shape,
    type: z.enum(TYPES),
    /** A select sends '' for "me". */
    teacher: z.union([id, z.literal('').transform(() => undefined)]).optional(),
    zone: z.string().refine(isZone),
    from: date,
    to: date,
    weekdays: list(z.coerce.string())
      .refine((days) => days.every((day) => /^[1-7]$/.test(day)))
      .transform((days) => days.map(Number)),
    start: clockTime,
    end: clockTime,
    length: minutes(FIVE, LIMITS.length),
    gap: minutes(0, LIMITS.gap).default(0),
    /** Made by the form, so that sending it twice makes one series. */
    draft: z
      .string()
      .regex(/^[\w-]{8,64}$/)
      .optional(),
    /** The draft that gets this timetable; a form of a new series sends ''. */
    fills: z.union([id, z.literal('').transform(() => undefined)]).optional(),
    /** The Deep Linking request that waits for this series. */
    for: z
      .string()
      .regex(/^[\w-]{16,64}$/)
      .optional()
      .catch(undefined),
  })
  .superRefine((input, context) => {
    somewhere(input, context);
    endAfterStart(input, context);
    if (input.type === 'individual' && input.capacity !== 1) wrong(context, 'capacity', 'individual');
    if (input.to < input.from) wrong(context, 'to', 'endBeforeStart');
    if (input.weekdays.length === 0) wrong(context, 'weekdays', 'chooseOne');
  });
export type NewSeriesInput = z.output<typeof newSeries>;

export const editedSeries = z.object(seriesFields.shape).superRefine(somewhere);

export const moreSlots = z.object({ date, start: clockTime, end: clockTime }).superRefine(endAfterStart);

/** What a new series is made for. */
export const forRequest = z.object({
  for: z.string().max(64).optional().catch(undefined),
  fills: id.optional().catch(undefined),
});

export const seriesId = z.object({ seriesId: id });
/** Who holds a slot in place of its teacher. */
export const otherTeacher = z.object({ teacher: id });
/** '' for no room. */
export const otherRoom = z.object({ roomId: z.union([id, z.literal('')]) });

export const slotId = z.object({ slotId: id });
/** A file's id, as `infra/files` makes it. */
export const minutesFile = z.object({ fileId: z.string().regex(/^[a-z0-9]{20}$/) });
export const bookingId = z.object({ bookingId: id });

export const booking = z.object({ question: text(LIMITS.question) });

/** Why, to those concerned; whether it may be empty is the service's to say. */
export const reason = z.object({ reason: text(LIMITS.reason) });

/** What lists are narrowed to; anything unknown narrows nothing. */
export const filter = z.object({
  teacher: id.optional().catch(undefined),
  type: z.enum(TYPES).optional().catch(undefined),
  /** Where the page begins. */
  from: z.iso
    .datetime()
    .transform((value) => new Date(value))
    .optional()
    .catch(undefined),
  when: z.enum(['past']).optional().catch(undefined),
});
export type Filter = z.output<typeof filter>;

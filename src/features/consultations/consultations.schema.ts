import { z } from 'zod';
import { MINUTE } from '../../shared/clock.js';
import { isZone } from '../../web/context.js';
import { calendarDate, checkbox, id, list, optionalLine, text, whole } from '../../web/parse.js';
import { LONGEST_SLOT, type Mode } from './series/series-settings.js';
import { seriesFields } from './series/series.fields.js';
import type { Band } from './slots/intervals.js';

export const LIMITS = {
  question: 1_000,
  reason: 300,
  /** Minutes. */
  length: LONGEST_SLOT / MINUTE,
  gap: 240,
  exceptions: 100,
} as const;

const FIVE = 5;

/** A built-in type's name, or a record's id. */
const typeId = z.string().regex(/^[A-Za-z0-9]{1,24}$/);

type Context = z.core.$RefinementCtx;

const wrong = (context: Context, field: string, key: string): void => {
  context.addIssue({ code: 'custom', path: [field], message: `errors.field.${key}` });
};

const endAfterStart = (input: { start: string; end: string }, context: Context): void => {
  if (input.end <= input.start) wrong(context, 'end', 'endBeforeStart');
};

/** `YYYY-MM-DD`, as date fields send it. */
const date = calendarDate;
/** `HH:MM`, on the grid of five minutes. */
const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { abort: true })
  .regex(/[05]$/, { message: 'errors.field.fiveMinutes' });

const minutes = (least: number, most: number) =>
  whole(least, most).refine((value) => value % FIVE === 0, { message: 'errors.field.fiveMinutes' });

/** The same; the end of the day, written 24:00 or 00:00, included. */
const endTime = z
  .union([z.literal('24:00'), clockTime])
  .transform((value) => (value === '00:00' ? '24:00' : value));

const noTime = z.literal('');

/** Days as people write them: `31.12.2026`, or as computers do, between commas, semicolons or spaces. */
const days = z
  .union([z.array(z.string()), z.string()])
  .default('')
  .transform((value, context) => {
    const words = (typeof value === 'string' ? value.split(/[\s,;]+/) : value).filter((word) => word !== '');
    const dates = words.map((word) => word.replace(/^(\d{2})\.(\d{2})\.(\d{4})$/, '$3-$2-$1'));
    if (dates.length > LIMITS.exceptions || dates.some((written) => !date.safeParse(written).success)) {
      context.addIssue({ code: 'custom', message: 'errors.field.days' });
    }
    return dates;
  });

const bandFields = {
  start2: z.union([noTime, clockTime]).default(''),
  end2: z.union([noTime, endTime]).default(''),
  start3: z.union([noTime, clockTime]).default(''),
  end3: z.union([noTime, endTime]).default(''),
  exceptions: days,
};

type Bands = z.output<z.ZodObject<typeof bandFields>>;

const bandsOf = ({ start2, end2, start3, end3 }: Bands): Band[] =>
  [
    { start: start2, end: end2 },
    { start: start3, end: end3 },
  ].filter(({ start }) => start !== '');

/** Each band ends after it begins, and has both. */
function bandsInOrder(input: Bands, context: Context): void {
  if (input.end2 === '' && input.start2 !== '') wrong(context, 'end2', 'missing');
  if (input.end3 === '' && input.start3 !== '') wrong(context, 'end3', 'missing');
  if (input.end2 !== '' && input.end2 <= input.start2) wrong(context, 'end2', 'endBeforeStart');
  if (input.end3 !== '' && input.end3 <= input.start3) wrong(context, 'end3', 'endBeforeStart');
}

/** When a series takes place, as its form sends it. */
const patternFields = {
  from: date,
  to: date,
  weekdays: list(z.coerce.string())
    .refine((chosen) => chosen.every((weekday) => /^[1-7]$/.test(weekday)))
    .transform((chosen) => chosen.map(Number)),
  start: clockTime,
  end: endTime,
  ...bandFields,
  length: minutes(FIVE, LIMITS.length),
  gap: minutes(0, LIMITS.gap).default(0),
};

function patternInOrder(
  input: Bands & { from: string; to: string; weekdays: number[]; start: string; end: string },
  context: Context,
): void {
  endAfterStart(input, context);
  bandsInOrder(input, context);
  if (input.to < input.from) wrong(context, 'to', 'endBeforeStart');
  if (input.weekdays.length === 0) wrong(context, 'weekdays', 'chooseOne');
}

interface Whereabouts {
  readonly place: string;
  readonly link: string;
  readonly roomId: string;
  readonly video: string;
  readonly mode: Mode;
}

/** By telephone or messenger it takes place nowhere. */
const somewhere = ({ place, link, roomId, video, mode }: Whereabouts, context: Context): void => {
  const apart = mode === 'telephone' || mode === 'messenger';
  const named = place !== '' || link !== '' || roomId !== '' || video !== 'link';
  if (!apart && !named) wrong(context, 'place', 'placeOrLink');
};

/** A new series as its form sends it. */
export const newSeries = z
  .object({
    ...seriesFields.shape,
    type: typeId,
    /** A select sends '' for "me". */
    teacher: z.union([id, z.literal('').transform(() => undefined)]).optional(),
    /** The attestation that it prepares for; a select sends '' for none. */
    attestation: z.union([id, z.literal('')]).optional(),
    zone: z.string().refine(isZone),
    ...patternFields,
    /** Whether single times were ticked in the preview, and which. */
    chosen: checkbox,
    take: list(z.iso.datetime()),
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
    patternInOrder(input, context);
  })
  .transform(({ start2, end2, start3, end3, exceptions, chosen, take, ...input }) => ({
    ...input,
    bands: bandsOf({ start2, end2, start3, end3, exceptions }),
    except: exceptions,
    take: chosen ? take : undefined,
  }));
export type NewSeriesInput = z.output<typeof newSeries>;

export const editedSeries = z.object(seriesFields.shape).superRefine(somewhere);

/** Other days and hours of a series that runs. */
export const newTimes = z
  .object(patternFields)
  .superRefine(patternInOrder)
  .transform(({ start2, end2, start3, end3, exceptions, ...input }) => ({
    ...input,
    bands: bandsOf({ start2, end2, start3, end3, exceptions }),
    except: exceptions,
  }));

/** The new time of a slot, and why. */
export const slotMove = z.object({ date, start: clockTime, reason: text(LIMITS.reason) });

/** Another slot of the course for a booking. */
export const bookingMove = z.object({ slot: id });

export const moreSlots = z.object({ date, start: clockTime, end: endTime }).superRefine(endAfterStart);

/** What a new series is made for. */
export const forRequest = z.object({
  for: z.string().max(64).optional().catch(undefined),
  fills: id.optional().catch(undefined),
  /** From which type the form begins. */
  type: typeId.optional().catch(undefined),
});

export const seriesId = z.object({ seriesId: id });
/** Who holds a slot in place of its teacher. */
export const otherTeacher = z.object({ teacher: id });
/** '' for no room. */
export const otherRoom = z.object({ roomId: z.union([id, z.literal('')]) });
/** A file's id, as `infra/files` makes it. */
export const minutesFile = z.object({ fileId: z.string().regex(/^[a-z0-9]{20}$/) });

export const slotId = z.object({ slotId: id });
export const bookingId = z.object({ bookingId: id });

const key = z
  .string()
  .regex(/^[\w-]{8,64}$/)
  .optional()
  .catch(undefined);

export const booking = z.object({
  question: text(LIMITS.question),
  /** Made by the form: a request that is repeated books once. */
  key,
  /** A group of the course whose people are booked, all or none. */
  group: z.string().max(200).optional().catch(undefined),
  person: list(id).pipe(z.array(z.string()).max(200)),
});

/** Joins a waiting list; `tell`: only wants word of a free seat. */
export const joining = z.object({ tell: checkbox });

/** Why, to those concerned; whether it may be empty is the service's to say. */
export const reason = z.object({ reason: text(LIMITS.reason) });

/** Times of day to which free times can be narrowed, in the reader's zone. */
export const DAYTIMES = ['morning', 'day', 'evening'] as const;

/** What lists are narrowed to; anything unknown narrows nothing. */
export const filter = z.object({
  teacher: id.optional().catch(undefined),
  type: typeId.optional().catch(undefined),
  /** Words of the title or the description. */
  topic: optionalLine(100).catch(''),
  daytime: z.enum(DAYTIMES).optional().catch(undefined),
  /** Where the page begins. */
  from: z.iso
    .datetime()
    .transform((value) => new Date(value))
    .optional()
    .catch(undefined),
  when: z.enum(['past']).optional().catch(undefined),
});
export type Filter = z.output<typeof filter>;

import { z } from 'zod';
import { badInput } from '../../../shared/errors.js';
import { parse, text, whole } from '../../../web/parse.js';
import { MARKS, type Mark } from './marks.js';

const NOTE_LENGTH = 500;
const LONG_NOTE_LENGTH = 4_000;

/** Points with at most two decimals, after a comma or a point; '' for none. */
const points = (most: number) =>
  z
    .string()
    .trim()
    .regex(/^(\d{1,5}([.,]\d{1,2})?)?$/)
    .default('')
    .transform((typed) => (typed === '' ? null : Number(typed.replace(',', '.'))))
    .pipe(z.number().max(most).nullable());

const mark = z.enum(['', ...MARKS]).default('');

export interface AttendanceInput {
  readonly version: number;
  /** Those without a mark are marked so. */
  readonly others: Mark | null;
  readonly sharedNote: string;
  readonly confidentialNote: string;
  /** By the person's id. */
  readonly marks: ReadonlyMap<string, { mark: Mark | null; points: number | null; note: string }>;
}

const common = z.object({
  version: whole(0, 1e9),
  all: z.enum(MARKS).optional(),
  sharedNote: text(LONG_NOTE_LENGTH),
  confidentialNote: text(LONG_NOTE_LENGTH),
});

const FIELD = /^(mark|points|note)_(.*)$/;

/**
 * Attendance as its form sends it: `mark_<person>`, `points_<person>`, `note_<person>`.
 * @param personIds of those who have booked the slot. @param most points of one attendance
 * @throws DomainError `bad-input` naming the field, also for a person who has not booked
 */
export function parseAttendance(body: unknown, personIds: readonly string[], most: number): AttendanceInput {
  const sent = { ...(body as Record<string, unknown> | null | undefined) };
  for (const name of Object.keys(sent)) {
    const id = FIELD.exec(name)?.[2];
    if (id !== undefined && !personIds.includes(id)) throw badInput({ [name]: 'errors.field.wrong' });
  }
  const { version, all, sharedNote, confidentialNote } = parse(common, sent);
  const shape = Object.fromEntries(
    personIds.flatMap((id): [string, z.ZodType][] => [
      [`mark_${id}`, mark],
      [`points_${id}`, points(most)],
      [`note_${id}`, text(NOTE_LENGTH)],
    ]),
  );
  const fields = parse(z.object(shape), sent);
  return {
    version,
    others: all ?? null,
    sharedNote,
    confidentialNote,
    marks: new Map(
      personIds.map((id) => [
        id,
        {
          mark: (fields[`mark_${id}`] as Mark | '') || null,
          points: fields[`points_${id}`] as number | null,
          note: fields[`note_${id}`] as string,
        },
      ]),
    ),
  };
}

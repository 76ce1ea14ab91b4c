import { z } from 'zod';
import { id, optionalLine, whole } from '../../../web/parse.js';
import { GRADE_STATES } from '../../gradebook/index.js';

/** A form sends '' for a choice that was not made. */
const chosen = <Choice extends z.ZodType>(choice: Choice) =>
  z.union([z.literal('').transform(() => undefined), choice]).optional();

/** What the list is narrowed to. */
const filter = {
  q: optionalLine(100),
  state: chosen(z.enum(GRADE_STATES)),
  platform: chosen(id),
  course: chosen(id),
};

const moment = z
  .string()
  .regex(/^\d{12,14}$/)
  .transform((text) => new Date(Number(text)));

export const gradesQuery = z.object({
  ...filter,
  /** Where the page before ended: `<queuedAt>-<id>`. */
  after: z
    .string()
    .regex(/^\d{1,14}-[0-9a-f]{24}$/)
    .transform((text) => {
      const [queuedAt = '', last = ''] = text.split('-');
      return { queuedAt: new Date(Number(queuedAt)), id: last };
    })
    .optional(),
});

export const gradesFilter = z.object(filter);

/** Goes on where a step before stopped: rows put in before this moment are meant. */
export const againForm = z.object({
  ...filter,
  before: moment.optional(),
  done: whole(0, 100_000_000).default(0),
});

export const gradeId = z.object({ id });

import { z } from 'zod';
import {
  choiceFilter,
  defineList,
  linkedFilter,
  recordFilter,
  textFilter,
} from '../../../infra/lists/index.js';
import { id, whole } from '../../../web/parse.js';
import { GRADE_STATES } from '../../gradebook/index.js';

/** Scores on their way to the gradebooks, newest first. */
export const scoresList = defineList({
  filters: {
    q: textFilter({ label: 'admin.grades.search' }),
    state: choiceFilter({
      label: 'admin.grades.state',
      any: 'admin.grades.any',
      choices: GRADE_STATES,
      text: (state) => `admin.grades.states.${state}`,
    }),
    platform: recordFilter({ label: 'admin.grades.platform', any: 'admin.grades.anyPlatform' }),
    course: linkedFilter(),
  },
  /** Where the page before ended: `<queuedAt>-<id>`. */
  cursor: z
    .string()
    .regex(/^\d{1,14}-[0-9a-f]{24}$/)
    .transform((text) => {
      const [queuedAt = '', last = ''] = text.split('-');
      return { queuedAt: new Date(Number(queuedAt)), id: last };
    }),
});

const moment = z
  .string()
  .regex(/^\d{12,14}$/)
  .transform((text) => new Date(Number(text)));

/** Beside the filters: goes on where a step before stopped. Rows put in before this moment are meant. */
export const againForm = z.object({
  before: moment.optional(),
  done: whole(0, 100_000_000).default(0),
});

export const gradeId = z.object({ id });

import { z } from 'zod';
import { defineEvent } from '../../infra/events/index.js';

/** A score has arrived in the LMS, or is given up. The document is the row of the score; subscribers read it again. */
export const scoreSettled = defineEvent(
  'score.settled',
  z.object({ courseId: z.string(), state: z.enum(['sent', 'failed']) }),
);

import { z } from 'zod';
import { defineEvent } from '../../../infra/events/index.js';

/** A student has finished an attempt, or its time was over. The document is the attempt. */
export const attemptSubmitted = defineEvent(
  'attempt.submitted',
  z.object({ courseId: z.string(), testId: z.string() }),
);

/** Marks of a finished attempt were given or changed: by the finish itself, by hand, by a regrade. */
export const attemptMarked = defineEvent(
  'attempt.marked',
  z.object({ courseId: z.string(), testId: z.string() }),
);

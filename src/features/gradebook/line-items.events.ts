import { z } from 'zod';
import { defineEvent } from '../../infra/events/index.js';

/**
 * The line item of a link has become known: the scores of the content go to it. The document is the link's search.
 */
export const lineItemFound = defineEvent(
  'line-item.found',
  z.object({ courseId: z.string(), content: z.object({ kind: z.string(), id: z.string() }) }),
);

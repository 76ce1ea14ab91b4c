import { z } from 'zod';
import { id, whole } from '../../../web/parse.js';
import { MAX_PAGES } from '../../launch/index.js';

/** A select's first choice sends nothing. */
const any = z.literal('').transform(() => undefined);

export const launchesQuery = z.object({
  platform: z.union([any, id]).optional(),
  result: z.union([any, z.enum(['accepted', 'refused'])]).optional(),
  request: z.union([any, z.string().trim().min(1).max(40)]).optional(),
  page: whole(1, MAX_PAGES).default(1),
});

export const launchId = z.object({ id });

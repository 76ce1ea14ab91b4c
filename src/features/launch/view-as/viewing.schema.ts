import { z } from 'zod';
import { id } from '../../../web/parse.js';

/** The first choice of the list is any student. */
export const viewAs = z.object({
  person: z.union([z.literal('').transform(() => null), id]).default(null),
});

import { z } from 'zod';

/** What the list is narrowed to; an unknown group narrows nothing. */
export const filter = z.object({ group: z.string().max(255).optional().catch(undefined) });

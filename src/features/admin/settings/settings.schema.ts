import { z } from 'zod';
import { settingsFields } from '../../../infra/settings/index.js';
import { id, list, whole } from '../../../web/parse.js';

/** Stands for what the administrator saw. */
const version = whole(0, 1e9);

export const settingsForm = z
  .object({ ...settingsFields.shape, version })
  .refine(({ workFrom, workTo }) => (workFrom || '09:00') < (workTo || '18:00'), {
    path: ['workTo'],
    message: 'errors.field.endBeforeStart',
  });

export const admittedForm = z.object({
  platform: list(id).pipe(z.array(z.string()).max(1_000, 'errors.field.tooBig')),
  version: z.string().min(1).max(64),
});

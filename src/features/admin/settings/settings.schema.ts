import { z } from 'zod';
import { LOCALES } from '../../../i18n/index.js';
import { webOrigin } from '../../../shared/origins.js';
import { isZone } from '../../../web/context.js';
import { id, list, optionalLine, whole } from '../../../web/parse.js';

/** Stands for what the administrator saw. */
const version = whole(0, 1e9);

const site = optionalLine(300).refine(
  (value) => value === '' || webOrigin(value) !== null,
  'errors.field.siteAddress',
);

export const settingsForm = z.object({
  nameRu: optionalLine(150),
  nameEn: optionalLine(150),
  site,
  zone: z.string().max(60).refine(isZone),
  locale: z.enum(LOCALES),
  unknownDeployments: z.enum(['ask', 'accept']),
  /** Empty: as the environment says. */
  rosterHours: z.union([z.literal('').transform(() => null), whole(0, 999)]),
  version,
});

export const admittedForm = z.object({
  platform: list(id).pipe(z.array(z.string()).max(1_000, 'errors.field.tooBig')),
  version: z.string().min(1).max(64),
});

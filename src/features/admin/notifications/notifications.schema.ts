import { z } from 'zod';
import { LOCALES } from '../../../i18n/index.js';
import { checkbox, id, line, text, whole } from '../../../web/parse.js';
import { MESSENGERS } from '../../notifications/index.js';

const LONGEST_VALUE = 8_000;

export const channelParams = z.object({ channel: z.enum(MESSENGERS) });
export const failedParams = z.object({ id });
export const templateParams = z.object({
  kind: z.string().regex(/^[a-z-]{1,60}$/),
  locale: z.enum(LOCALES),
});
export const channelForm = z.looseObject({
  enabled: checkbox,
  content: z.enum(['full', 'notice']),
  version: whole(0, 1e9),
});
/** A field of a channel's own; certificates have several lines. */
export const channelValue = z.string().max(LONGEST_VALUE).default('');
export const templateForm = z.object({ subject: line(200), text: text(4_000).pipe(z.string().min(1)) });
export const testForm = z.object({ address: line(254) });

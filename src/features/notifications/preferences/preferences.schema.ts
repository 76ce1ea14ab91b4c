import { z } from 'zod';
import { id, line, list, optionalLine } from '../../../web/parse.js';
import { CHANNELS, MESSENGERS } from '../channels/channel.js';
import { TOPICS } from '../kinds/kind.js';
import { preferenceFields } from './preferences.fields.js';

const isChannel = (name: string | undefined): boolean => CHANNELS.some((channel) => channel === name);
const choice = z.string().refine((value) => {
  const [topic, channel] = value.split(':');
  return TOPICS.some((name) => name === topic) && isChannel(channel);
});
/** More than there are kinds of messages. */
const KINDS = 200;
const kind = z.string().regex(/^[a-z-]{1,60}$/);
const kindChoice = z.string().refine((value) => {
  const [name, channel] = value.split(':');
  return kind.safeParse(name).success && isChannel(channel);
});

export const preferencesForm = z.object({
  ...preferenceFields.shape,
  chosen: list(choice).pipe(z.array(z.string()).max(TOPICS.length * CHANNELS.length)),
  ownKinds: list(kind).pipe(z.array(z.string()).max(KINDS)),
  ownChosen: list(kindChoice).pipe(z.array(z.string()).max(KINDS * CHANNELS.length)),
  shown: list(z.enum(CHANNELS)).pipe(z.array(z.enum(CHANNELS)).max(CHANNELS.length)),
});

export const unsubscribeForm = z.object({ only: z.enum(['topic', 'kind']).catch('topic') });

export const channelParams = z.object({ channel: z.enum([...MESSENGERS, 'push', 'mail']) });
export const parentForm = z.object({ name: optionalLine(150), address: line(254) });
export const parentParams = z.object({ id });
export const telephoneForm = z.object({ telephone: line(40) });
export const codeForm = z.object({ code: line(20) });

/** What `PushSubscription.toJSON` sends. https://www.w3.org/TR/push-api/ */
export const pushForm = z.object({
  endpoint: z.string().max(1_000),
  p256dh: z.string().regex(/^[\w-]{40,200}=*$/),
  auth: z.string().regex(/^[\w-]{10,60}=*$/),
});

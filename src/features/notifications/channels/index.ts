import type { Channel, MessengerName } from './channel.js';
import { max } from './max.js';
import { sms } from './sms.js';
import { telegram } from './telegram.js';
import { vk } from './vk.js';
import { whatsapp } from './whatsapp.js';

/** In the order in which a person is offered them. */
export const channels: readonly Channel[] = [max, vk, telegram, whatsapp, sms];

export const channelOf = (name: string): Channel | null =>
  channels.find((channel) => channel.name === (name as MessengerName)) ?? null;

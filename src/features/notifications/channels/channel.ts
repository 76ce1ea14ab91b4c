import type { Locale } from '../../../i18n/index.js';

/** Messengers and the like; e-mail has a way of its own, for it needs nothing linked. */
export const MESSENGERS = ['max', 'vk', 'telegram', 'whatsapp', 'sms'] as const;
export type MessengerName = (typeof MESSENGERS)[number];
export const CHANNELS = ['mail', ...MESSENGERS, 'push'] as const;
export type ChannelName = (typeof CHANNELS)[number];

export interface MessageButton {
  readonly label: string;
  /** A signed single-use action, or null where the button opens `url`. */
  readonly token: string | null;
  readonly url: string;
}

/** A message as a channel sends it; plain text. */
export interface ChannelMessage {
  /** The same message sent again after a crash has the same key. */
  readonly key: string;
  readonly title: string;
  readonly text: string;
  /** Of the page that it leads to. */
  readonly url: string;
  readonly buttons: readonly MessageButton[];
  readonly locale: Locale;
}

/** A field of a channel's settings as the administrator enters it. */
export interface SettingField {
  readonly name: string;
  /** Stored sealed and never shown again. */
  readonly secret?: true;
  readonly required?: true;
  /** What holds if it is empty. */
  readonly usual?: string;
  readonly rows?: number;
  /** Values that it may have; texts under `admin.notifications.<name>.…`. */
  readonly choices?: readonly string[];
}

/** A channel's settings with secrets opened: name → value; '' where nothing is set. */
export type ChannelConfig = Readonly<Record<string, string>>;

/** Fields that every channel over HTTP has. */
export const HTTP_FIELDS: readonly SettingField[] = [
  { name: 'baseUrl' },
  { name: 'proxy', secret: true },
  { name: 'ca', rows: 4 },
  /** In seconds. */
  { name: 'timeout', usual: '10' },
];

/** How a messenger's events reach us: it calls us, or we ask it where it cannot reach us. */
export const RECEIVE: SettingField = {
  name: 'receive',
  choices: ['webhook', 'polling'],
  usual: 'webhook',
};

/** What a webhook's request says. */
export interface Incoming {
  /** The messenger's id of the chat or person. */
  readonly address: string;
  readonly kind: 'start' | 'text' | 'button' | 'stop' | 'resume';
  /** Of a start: the code that the deep link carried, or ''. Of a button: its token. Of a text: the text. */
  readonly payload: string;
  /** For the answer to a button; ''. */
  readonly callbackId: string;
}

export interface WebhookRequest {
  readonly method: string;
  readonly query: Readonly<Record<string, unknown>>;
  header(name: string): string | undefined;
  readonly body: Buffer;
}

/** What a webhook answers, and what it has been told. */
export interface WebhookAnswer {
  readonly status: number;
  readonly body: string;
  readonly incoming: readonly Incoming[];
}

/** Events that a messenger was asked for. */
export interface Polled {
  readonly incoming: readonly Incoming[];
  /** Where the next question goes on. */
  readonly marker: string;
}

/** How long a messenger holds a question for events open; the program's end waits for as long. */
export const POLL_SECONDS = 8;

/** One way to reach a person outside of our pages. */
export interface Channel {
  readonly name: MessengerName;
  /** Its server is outside of Russia: unless the administrator decides otherwise, it carries no names and no text. */
  readonly foreign: boolean;
  /** Messages per second that the provider takes. */
  readonly perSecond: number;
  readonly fields: readonly SettingField[];
  /**
   * Sends a message.
   * @throws ChannelError
   */
  send(message: ChannelMessage, address: string, config: ChannelConfig): Promise<void>;
  /** Asks the provider whether the settings work. Returns how it calls us. @throws ChannelError */
  test(config: ChannelConfig): Promise<string>;
  /** Address that opens the bot with a code; null where a person writes the code to it by hand. */
  deepLink(config: ChannelConfig, code: string): string | null;
  /** Answers a button's press, so that the messenger stops waiting. @throws ChannelError */
  answer?(config: ChannelConfig, incoming: Incoming, text: string): Promise<void>;
  /** Verifies and reads a request of the messenger; null where it has no webhook. */
  readonly webhook: ((request: WebhookRequest, config: ChannelConfig) => WebhookAnswer) | null;
  /** Waits some seconds for events after the marker; '' at first, and then ends webhooks that stand in the way. @throws ChannelError */
  poll?(config: ChannelConfig, marker: string): Promise<Polled>;
  /** Tells the provider where our webhook is. @throws ChannelError */
  subscribe?(config: ChannelConfig, url: string): Promise<void>;
}

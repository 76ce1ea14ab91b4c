import { MESSENGERS, type ChannelName, type MessengerName } from '../channels/channel.js';
import type { NotificationKind, Topic } from '../kinds/kind.js';

/** The ways to a person that exist at this moment. */
export interface Reach {
  /** An address of e-mail is known. */
  readonly mail: boolean;
  /** Linked, working, and switched on by the administrator. */
  readonly messengers: readonly MessengerName[];
  /** A browser takes messages. */
  readonly push: boolean;
  /** `<topic>:<channel>` as the person chose; null: nothing was chosen. */
  readonly chosen: readonly string[] | null;
  /** Topics that there were when the person chose. */
  readonly decided: readonly Topic[];
}

export const choiceOf = (topic: Topic, channel: ChannelName): string => `${topic}:${channel}`;

/** Whether a channel is used for a topic unless the person chose: a linked messenger takes the place of e-mail. */
export const usualChoice = (channel: ChannelName, { messengers }: Pick<Reach, 'messengers'>): boolean =>
  channel === 'mail' ? messengers.length === 0 : true;

/** Whether a topic takes a channel, by the person's choice or by default. */
export const isChosen = (
  { chosen, decided, messengers }: Pick<Reach, 'chosen' | 'decided' | 'messengers'>,
  topic: Topic,
  channel: ChannelName,
): boolean =>
  chosen === null || !decided.includes(topic)
    ? usualChoice(channel, { messengers })
    : chosen.includes(choiceOf(topic, channel));

/** Channels that a message takes. What is obligatory goes by e-mail, else by whatever there is, if all is off. */
export function channelsFor(
  kind: Pick<NotificationKind, 'topic' | 'by' | 'obligatory'>,
  reach: Reach,
): ChannelName[] {
  const { messengers, chosen, decided } = reach;
  const byMessenger = kind.by.includes('messenger') ? messengers : [];
  const possible: ChannelName[] = [
    ...(kind.by.includes('mail') && reach.mail ? (['mail'] as const) : []),
    ...byMessenger,
    ...(kind.by.includes('push') && reach.push ? (['push'] as const) : []),
  ];
  const wanted = possible.filter((channel) =>
    isChosen({ chosen, decided, messengers: byMessenger }, kind.topic, channel),
  );
  return wanted.length === 0 && kind.obligatory ? possible.slice(0, 1) : wanted;
}

export const isMessenger = (channel: ChannelName): channel is MessengerName =>
  MESSENGERS.some((name) => name === channel);

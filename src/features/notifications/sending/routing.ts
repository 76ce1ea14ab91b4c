import { MESSENGERS, type ChannelName, type MessengerName } from '../channels/channel.js';
import type { NotificationKind, Topic } from '../kinds/kind.js';

/** Which channels a person has chosen for what. */
export interface Choices {
  /** `<topic>:<channel>` as the person chose; null: nothing was chosen. */
  readonly chosen: readonly string[] | null;
  /** Topics that there were when the person chose. */
  readonly decided: readonly Topic[];
  /** Channels that there were when the person chose. */
  readonly known: readonly ChannelName[];
  /** Kinds with a choice of their own, which their topic's does not touch. */
  readonly ownKinds: readonly string[];
  /** `<kind>:<channel>` of those kinds. */
  readonly ownChosen: readonly string[];
  /** Topics and kinds of which the person has refused e-mail by a mail's link: e-mail stands in for nothing there. */
  readonly unsubscribed: readonly string[];
}

/** The ways to a person that exist at this moment, and what the person chose of them. */
export interface Reach extends Choices {
  /** An address of e-mail is known. */
  readonly mail: boolean;
  /** Linked, working, and switched on by the administrator. */
  readonly messengers: readonly MessengerName[];
  /** A browser takes messages. */
  readonly push: boolean;
}

type Chosen = Choices & Pick<Reach, 'messengers'>;
type Kind = Pick<NotificationKind, 'name' | 'topic' | 'by' | 'obligatory'>;

export const choiceOf = (topicOrKind: string, channel: ChannelName): string => `${topicOrKind}:${channel}`;
/** How a kind stands among topics in `unsubscribed`: a topic may have the same name. */
export const unsubscribedKind = (kind: string): string => `kind:${kind}`;

export const isMessenger = (channel: ChannelName): channel is MessengerName =>
  MESSENGERS.some((name) => name === channel);

/** Whether a channel is used for a topic unless the person chose: a linked messenger takes the place of e-mail. */
export const usualChoice = (channel: ChannelName, { messengers }: Pick<Reach, 'messengers'>): boolean =>
  channel === 'mail' ? messengers.length === 0 : true;

/** What a person's list of choices says of something: the channels that were ticked. */
const ticked = (choices: readonly string[], name: string): string[] =>
  choices.flatMap((choice) => (choice.startsWith(`${name}:`) ? [choice.slice(name.length + 1)] : []));

/** E-mail takes the place of messengers that were chosen and of which none is linked any more. */
const standsIn = (channels: readonly string[], { messengers }: Pick<Reach, 'messengers'>): boolean =>
  channels.some((name) => MESSENGERS.some((messenger) => messenger === name)) &&
  !channels.some((name) => name === 'push' || messengers.some((messenger) => messenger === name));

/** Whether a topic takes a channel, by the person's choice or by default. */
export function topicTakes(choices: Chosen, topic: Topic, channel: ChannelName): boolean {
  const { chosen, decided, known, unsubscribed } = choices;
  if (channel === 'mail' && unsubscribed.includes(topic)) return false;
  if (chosen === null || !decided.includes(topic)) return usualChoice(channel, choices);
  const own = ticked(chosen, topic);
  if (own.includes(channel)) return true;
  if (channel === 'mail' && standsIn(own, choices)) return true;
  // A messenger that was linked since brings what the person wants to be told of at all.
  return !known.includes(channel) && own.length > 0 && usualChoice(channel, choices);
}

/** Whether a kind takes a channel: by its own choice where it has one, by its topic's otherwise. */
export function isChosen(
  choices: Chosen,
  { name, topic }: Pick<Kind, 'name' | 'topic'>,
  channel: ChannelName,
): boolean {
  if (!choices.ownKinds.includes(name)) return topicTakes(choices, topic, channel);
  const own = ticked(choices.ownChosen, name);
  if (own.includes(channel)) return true;
  return channel === 'mail' && standsIn(own, choices) && !refused(choices, { name, topic });
}

const refused = (
  { unsubscribed }: Pick<Choices, 'unsubscribed'>,
  { name, topic }: Pick<Kind, 'name' | 'topic'>,
): boolean => unsubscribed.includes(topic) || unsubscribed.includes(unsubscribedKind(name));

/** The person's choices as they hold for a kind: a messenger that it never takes replaces no e-mail. */
const forKind = (kind: Pick<Kind, 'by'>, reach: Reach): Reach =>
  kind.by.includes('messenger') ? reach : { ...reach, messengers: [] };

/** Channels that a message takes. What is obligatory goes by e-mail, else by whatever there is, if all is off. */
export function channelsFor(kind: Kind, reach: Reach): ChannelName[] {
  const choices = forKind(kind, reach);
  const possible: ChannelName[] = [
    ...(kind.by.includes('mail') && reach.mail ? (['mail'] as const) : []),
    ...choices.messengers,
    ...(kind.by.includes('push') && reach.push ? (['push'] as const) : []),
  ];
  const wanted = possible.filter((channel) => isChosen(choices, kind, channel));
  return wanted.length === 0 && kind.obligatory ? possible.slice(0, 1) : wanted;
}

/** Whether e-mail may follow a messenger that has failed: not where the person refuses e-mail, or wants nothing by now. */
export function mayFollowByMail(kind: Kind, reach: Reach): boolean {
  if (!kind.by.includes('mail') || !reach.mail) return false;
  if (kind.obligatory) return true;
  const choices = forKind(kind, reach);
  if (isChosen(choices, kind, 'mail')) return true;
  if (refused(reach, kind)) return false;
  return (['push', ...MESSENGERS] as const).some((channel) => isChosen(choices, kind, channel));
}

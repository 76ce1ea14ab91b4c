import type { Role } from '../../../shared/roles.js';
import { CHANNELS, type ChannelName } from '../channels/channel.js';
import { TOPICS, type NotificationKind, type Topic, type Way } from '../kinds/kind.js';
import { isChosen, isMessenger, topicTakes, unsubscribedKind, type Choices } from '../sending/routing.js';

/** Whether a channel is taken, as one box of the page. */
export interface ChoiceCell {
  readonly channel: ChannelName;
  /** False where the messages never go this way. */
  readonly possible: boolean;
  readonly chosen: boolean;
}

/** One kind of a topic. */
export interface KindChoice {
  readonly kind: string;
  /** Cannot be switched off. */
  readonly obligatory: boolean;
  /** The kind has a choice of its own; false: its topic's holds. */
  readonly own: boolean;
  readonly cells: readonly ChoiceCell[];
}

/** One line of the table: which channels a topic takes, and its kinds where there are several. */
export interface TopicChoice {
  readonly topic: Topic;
  readonly cells: readonly ChoiceCell[];
  readonly kinds: readonly KindChoice[];
}

/** What a person sends from the page. */
export interface ChoicesInput {
  /** `<topic>:<channel>` */
  readonly chosen: readonly string[];
  /** Kinds that are to have a choice of their own. */
  readonly ownKinds: readonly string[];
  /** `<kind>:<channel>` */
  readonly ownChosen: readonly string[];
  /** Channels that the page showed; none: all that there are. */
  readonly shown: readonly ChannelName[];
}

const wayOf = (channel: ChannelName): Way =>
  channel === 'mail' || channel === 'push' ? channel : 'messenger';

/** Whether a kind may be told to people with a role. */
const concerns = ({ to }: NotificationKind, role: Role): boolean =>
  to === 'everyone' || (role === 'student' ? to === 'student' : to === 'teacher' || to === 'leader');

const outside = ({ by }: NotificationKind): boolean => by.some((way) => way !== 'page');

/** Kinds that a person with a role may choose channels for. */
const choosable = (kinds: readonly NotificationKind[], role: Role): NotificationKind[] =>
  kinds.filter((kind) => kind.topic !== 'alarms' && concerns(kind, role) && outside(kind));

/** @param linked channels that reach the person */
export function topicChoices(
  kinds: readonly NotificationKind[],
  role: Role,
  choices: Choices,
  linked: readonly ChannelName[],
): TopicChoice[] {
  const messengers = linked.filter(isMessenger);
  const all = { ...choices, messengers };
  const shown = choosable(kinds, role);
  return TOPICS.flatMap((topic): TopicChoice[] => {
    const of = shown.filter((kind) => kind.topic === topic);
    const takes = (kind: NotificationKind, channel: ChannelName): boolean => kind.by.includes(wayOf(channel));
    const cells = linked.map((channel) => ({
      channel,
      possible: of.some((kind) => takes(kind, channel)),
      chosen: topicTakes(all, topic, channel),
    }));
    // A topic that stands only in the list on the page has no channel to choose.
    if (!cells.some(({ possible }) => possible)) return [];
    const single = of.map((kind) => {
      const forKind = kind.by.includes('messenger') ? all : { ...all, messengers: [] };
      return {
        kind: kind.name,
        obligatory: kind.obligatory,
        own: choices.ownKinds.includes(kind.name),
        cells: linked.map((channel) => ({
          channel,
          possible: takes(kind, channel),
          chosen: isChosen(forKind, kind, channel),
        })),
      };
    });
    return [{ topic, cells, kinds: single.length > 1 ? single : [] }];
  });
}

/** Returns a person's choices once the page is saved: what it did not show stays. */
export function choicesAfter(
  kinds: readonly NotificationKind[],
  role: Role,
  before: Choices,
  input: ChoicesInput,
): Choices {
  const shown = choosable(kinds, role);
  const topics = TOPICS.filter((topic) => shown.some((kind) => kind.topic === topic));
  const names = shown.map(({ name }) => name);
  const about = (list: readonly string[], choice: string): boolean =>
    list.includes(choice.split(':')[0] ?? '');
  const kept = (before.chosen ?? []).filter((choice) => !about(topics, choice));
  const chosen = [...kept, ...input.chosen.filter((choice) => about(topics, choice))];
  const ownKinds = [
    ...before.ownKinds.filter((name) => !names.includes(name)),
    ...input.ownKinds.filter((name) => names.includes(name)),
  ];
  const ownChosen = [
    ...before.ownChosen.filter((choice) => !about(names, choice)),
    ...input.ownChosen.filter((choice) => about(names, choice) && about(input.ownKinds, choice)),
  ];
  return {
    chosen,
    decided: [...new Set([...(before.chosen === null ? [] : before.decided), ...topics])],
    known: input.shown.length === 0 ? [...CHANNELS] : input.shown,
    ownKinds,
    ownChosen,
    // A box that is ticked takes back what a mail's link refused; so does giving a kind back to its topic.
    unsubscribed: before.unsubscribed.filter(
      (refused) =>
        !chosen.includes(`${refused}:mail`) &&
        !names.some(
          (name) =>
            refused === unsubscribedKind(name) &&
            (!ownKinds.includes(name) || ownChosen.includes(`${name}:mail`)),
        ),
    ),
  };
}

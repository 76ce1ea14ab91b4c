import type { Locale } from '../../../i18n/index.js';
import type { EventType, ReceivedEvent } from '../../../infra/events/index.js';
import type { Jobs } from '../../../infra/jobs/index.js';
import type { Gender, NameCase } from '../../../shared/name-cases.js';
import type { PersonName } from '../../../shared/names.js';

/** What a person switches on and off together. Texts under `notifications.topic.…`. */
export const TOPICS = [
  'consultations',
  'classes',
  'reminders',
  'daily',
  'digest',
  'questions',
  'tests',
  'grades',
  'materials',
  'course',
  'alarms',
] as const;
export type Topic = (typeof TOPICS)[number];

/** How a message may reach a person. `messenger` is every messenger that the person has linked, and SMS. */
export const WAYS = ['page', 'mail', 'messenger', 'push'] as const;
export type Way = (typeof WAYS)[number];

/** For whom a kind of message is; texts under `notifications.to.…`. */
export const RECIPIENTS = ['student', 'teacher', 'leader', 'everyone', 'administrator'] as const;
export type Recipient = (typeof RECIPIENTS)[number];

/** One message to one person. Ids and plain values: it is stored in jobs. */
export interface Occurrence {
  /** What it is about; the same subject is told to a person once per kind. */
  readonly subjectId: string;
  readonly personId: string;
  /** '' for what belongs to no course. */
  readonly courseId: string;
}

/** A name with the forms and the gender that the person's card gives; '' or absent where the rules are right. */
export type CasedName = PersonName & {
  readonly cases?: Readonly<Partial<Record<NameCase, string>>> & { readonly gender?: Gender | '' };
};

/** A text that is made in the recipient's language. */
export type Worded = (locale: Locale) => string;

/** What stands for a variable of a template. */
export type Value = string | number | Date | CasedName | Worded | null;

/** Something a person may do from the message. Texts under `notifications.action.…`. */
export interface OfferedAction {
  /** As registered with the actions. */
  readonly name: string;
  readonly subjectId: string;
  /** Only a messenger offers it: the person's next message there belongs to it. */
  readonly inChat?: true;
}

/** An appointment for the person's calendar (RFC 5546). */
export interface CalendarEntry {
  readonly method: 'REQUEST' | 'CANCEL';
  readonly uid: string;
  /** Rises with each message about the same appointment. */
  readonly sequence: number;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly title: string;
  readonly place: string;
  readonly link: string;
}

/** One line of a list within a message, such as a consultation of the day. */
export interface ListedItem {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly title: string;
  /** "Room 12 · Ivanova M. P." */
  readonly detail: string | Worded;
}

/** What there is to say, read when the message is written. */
export interface Description {
  /** By the names of the kind's variables. */
  readonly values: Readonly<Record<string, Value>>;
  /** Ids of people whom variables name, by variable: their cards may say how their names are declined. */
  readonly people?: Readonly<Record<string, string>> | undefined;
  /** Of the page that the message leads to, below `/c/<course key>/`; '' for the front page. `/…` is in no course. */
  readonly path: string;
  /** IANA name of the zone in which dates are written; the person's own if absent. */
  readonly zone?: string;
  /** From then on the message is pointless. */
  readonly expiresAt?: Date;
  readonly actions?: readonly OfferedAction[];
  readonly calendar?: CalendarEntry;
  readonly items?: readonly ListedItem[];
}

/** An event of a feature that a kind of message follows from. */
export interface Source {
  readonly type: EventType<unknown>;
  /** Returns who is to be told, from what is true when the event is worked on. */
  find(event: ReceivedEvent<unknown>): Promise<readonly Occurrence[]>;
}

/** Makes a source of an event. */
export const on = <D>(
  type: EventType<D>,
  find: (event: ReceivedEvent<D>) => Promise<readonly Occurrence[]>,
): Source => ({ type, find: (event) => find(event as ReceivedEvent<D>) });

/** A kind of message: one entry makes it exist in the list, all channels, the preferences and the templates. */
export interface NotificationKind {
  /** kebab-case; stays the same for ever, for it is stored. Texts under `notifications.kind.<name>`. */
  readonly name: string;
  readonly topic: Topic;
  readonly to: Recipient;
  /** Cannot be switched off: where no other way is left, it goes by e-mail. */
  readonly obligatory: boolean;
  /** The ways that it takes unless the person chose otherwise. It takes no others. */
  readonly by: readonly Way[];
  /** A sample of each variable that its templates may use. */
  readonly sample: Readonly<Record<string, Value>>;
  /** Events that it follows from; none where a schedule makes it. */
  readonly sources: readonly Source[];
  /** Is never put into a digest, which only names messages: the recipient keeps this one whole. */
  readonly byItself?: true;
  /** Parents whom the student has named are told as well. */
  readonly parents?: true;
  /**
   * Returns null when there is nothing to say any more.
   * @param zone the person's own, where the caller knows it
   */
  describe(occurrence: Occurrence, zone?: string): Promise<Description | null>;
}

/** What schedules need to make messages. */
export interface Notifier {
  notify(kind: NotificationKind, found: readonly Occurrence[], at: Date): Promise<void>;
}

/** Something that makes messages by the clock. */
export interface Scheduled {
  schedule(jobs: Pick<Jobs, 'schedule'>, notifier: Notifier): void;
}

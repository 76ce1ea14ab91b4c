import { translator } from '../../../i18n/index.js';
import type { PersonName } from '../../../shared/names.js';
import type { ActionsService } from '../actions/actions.service.js';
import type { MessageButton } from '../channels/channel.js';
import type { Description, NotificationKind, Occurrence } from '../kinds/kind.js';
import type { ReachedPerson } from './recipients.service.js';
import type { Wording } from './words.service.js';

/** A message that is due, with all it is about. */
export interface DueMessage {
  readonly kind: NotificationKind;
  readonly occurrence: Occurrence;
  readonly description: Description;
  readonly person: ReachedPerson;
  /** A parent of the person; ''. */
  readonly contactId: string;
  readonly key: string;
  readonly at: Date;
  /** Resolves once it is noted how handing it over has ended. */
  readonly noted: Promise<void>;
}

export interface Written {
  readonly title: string;
  readonly text: string;
  /** Of the page that it leads to. */
  readonly url: string;
  /** The last opens the page. */
  readonly buttons: readonly MessageButton[];
}

/** Which of the message's own buttons are made: none, those that lead to a page, or also those that need a chat. */
export type Offers = 'none' | 'pages' | 'chat';

/** Puts messages into words, with what a person may press. */
export interface Writer {
  write(message: DueMessage, name: PersonName, offers: Offers): Promise<Written>;
  /** @param courseKey undefined for what is in no course. @param path as in a `Description` */
  urlOf(courseKey: string | undefined, path: string): string;
}

export interface WriterDeps {
  readonly wording: Wording;
  readonly actions: Pick<ActionsService, 'offer'>;
  readonly findCourse: (id: string) => Promise<{ readonly key: string; readonly title: string } | null>;
  /** Our origin. */
  readonly publicUrl: string;
}

export function createWriter({ wording, actions, findCourse, publicUrl }: WriterDeps): Writer {
  function urlOf(courseKey: string | undefined, path: string): string {
    if (path.startsWith('/')) return `${publicUrl}${path}`;
    return courseKey === undefined ? publicUrl : `${publicUrl}/c/${courseKey}/${path}`;
  }

  return {
    urlOf,
    async write(message, name, offers) {
      const { kind, description, person, occurrence } = message;
      const course = await findCourse(occurrence.courseId);
      const writing = { locale: person.locale, zone: description.zone ?? person.zone };
      const more = { course: course?.title ?? '', recipient: name };
      const { subject, text } = await wording.write(kind, description, writing, more);
      const url = urlOf(course?.key, description.path);
      const t = translator(person.locale);
      const open = { label: t('notifications.action.open'), token: null, url };
      if (offers === 'none') return { title: subject, text, url, buttons: [open] };
      const offered = await Promise.all(
        (description.actions ?? [])
          .filter(({ inChat }) => inChat !== true || offers === 'chat')
          .map(async ({ name: action, subjectId }) => {
            const token = await actions.offer({ name: action, subjectId, ...pick(occurrence) });
            const label = t(`notifications.action.${action}`);
            return { label, token, url: `${publicUrl}/act/${token}` };
          }),
      );
      return { title: subject, text, url, buttons: [...offered, open] };
    },
  };
}

const pick = ({ personId, courseId }: Occurrence) => ({ personId, courseId });

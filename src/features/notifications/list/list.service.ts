import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { notFound } from '../../../shared/errors.js';
import type { NotificationKind, Topic } from '../kinds/kind.js';
import type { Writing } from '../sending/template.js';
import type { Wording } from '../sending/words.service.js';
import type { Notification, NotificationsStore } from './notifications.store.js';

/** A message as the list shows it. */
export interface ShownNotification {
  readonly id: string;
  readonly kind: string;
  readonly topic: Topic;
  /** Shown at once on the front page. */
  readonly urgent: boolean;
  readonly subject: string;
  readonly lines: readonly string[];
  /** Below the course. */
  readonly path: string;
  readonly at: Date;
  readonly unread: boolean;
}

export interface NotificationList {
  /** What the actor has not read in the course, the newest first. */
  listUnread(actor: Actor, limit: number, writing: Writing): Promise<ShownNotification[]>;
  /** Read and unread, the newest first. */
  page(actor: Actor, page: number, writing: Writing): Promise<{ items: ShownNotification[]; more: boolean }>;
  /** Counts up to 99. */
  countUnread(actor: Actor): Promise<number>;
  /** Marking what is read changes nothing. @throws DomainError `not-found` for another person's */
  markRead(actor: Actor, id: string): Promise<void>;
  markAllRead(actor: Actor): Promise<void>;
}

export interface NotificationListDeps {
  readonly notifications: NotificationsStore;
  readonly findKind: (name: string) => NotificationKind | null;
  readonly wording: Pick<Wording, 'write'>;
  readonly clock: Clock;
}

const PAGE = 30;
const MOST_COUNTED = 99;

export function createNotificationList(deps: NotificationListDeps): NotificationList {
  const { notifications, findKind, wording, clock } = deps;

  async function shown(
    rows: readonly Notification[],
    actor: Actor,
    writing: Writing,
  ): Promise<ShownNotification[]> {
    const all = await Promise.all(rows.map((row) => show(row, actor, writing)));
    return all.filter((notification) => notification !== null);
  }

  /** Null where there is nothing to say any more. */
  async function show(
    { id, kind: name, subjectId, personId, courseId, at, readAt }: Notification,
    actor: Actor,
    writing: Writing,
  ): Promise<ShownNotification | null> {
    const kind = findKind(name);
    const description = await kind?.describe({ subjectId, personId, courseId });
    if (kind === null || !description) return null;
    const more = { course: actor.courseTitle, recipient: actor.name };
    const { subject, text } = await wording.write(kind, description, writing, more);
    return {
      id,
      kind: name,
      topic: kind.topic,
      urgent: kind.obligatory,
      subject,
      lines: text.split('\n').filter((line) => line !== ''),
      path: description.path,
      at,
      unread: readAt === null,
    };
  }

  return {
    async listUnread(actor, limit, writing) {
      const { courseId, personId } = actor;
      return shown(
        await notifications.list(courseId, personId, { unread: true, skip: 0, limit }),
        actor,
        writing,
      );
    },
    async page(actor, page, writing) {
      const { courseId, personId } = actor;
      const skip = (page - 1) * PAGE;
      const rows = await notifications.list(courseId, personId, { unread: false, skip, limit: PAGE + 1 });
      return { items: await shown(rows.slice(0, PAGE), actor, writing), more: rows.length > PAGE };
    },
    countUnread: ({ courseId, personId }) => notifications.countUnread(courseId, personId, MOST_COUNTED),
    async markRead({ courseId, personId }, id) {
      if (!(await notifications.markRead(courseId, personId, id, clock.now()))) throw notFound();
    },
    markAllRead: ({ courseId, personId }) => notifications.markAllRead(courseId, personId, clock.now()),
  };
}

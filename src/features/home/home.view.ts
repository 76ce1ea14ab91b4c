import type { Actor } from '../../shared/actor.js';
import { shortName } from '../../shared/names.js';
import { atLeast } from '../../shared/roles.js';
import type { TestTodo } from '../assessments/index.js';
import type { ShownNotification } from '../notifications/index.js';
import type { Upcoming } from '../consultations/index.js';
import { viewModel } from '../../web/views.js';

/** A front page tells the latest news; the rest is a click away. */
const NEWS = 3;

/** What the front page shows; `staff` decides which next step is offered where nothing waits. */
export const homeView = (
  actor: Actor,
  upcoming: readonly Upcoming[],
  todo: readonly TestTodo[],
  unread: readonly ShownNotification[],
) => ({
  staff: atLeast(actor.role, 'assistant'),
  upcoming: upcoming.map(({ teacher, ...rest }) => ({ ...rest, teacher: teacher ? shortName(teacher) : '' })),
  todo,
  unread,
  // One who looks as another person may mark nothing as read.
  mayMark: actor.viewer === undefined,
});

interface HomeGiven {
  readonly unread: readonly ShownNotification[];
  readonly actor: Pick<Actor, 'courseTitle'>;
}

/** Whether a line such as "Course: …" says no more than the title of the notification and the head of the page do. */
function isSaid(line: string, said: readonly string[]): boolean {
  const value = /^[^:]{1,40}: (.+)/.exec(line)?.[1];
  return value !== undefined && said.some((text) => text.includes(value));
}

viewModel<HomeGiven>('home/home', ({ unread, actor }) => ({
  urgent: unread.filter((notification) => notification.urgent),
  // What can wait is told in a line each: what comes next must be seen without scrolling.
  news: unread
    .filter((notification) => !notification.urgent)
    .slice(0, NEWS)
    .map((notification) => {
      const said = [notification.subject, actor.courseTitle];
      const details = notification.lines.filter((line) => !isSaid(line, said)).join(' · ');
      return { ...notification, details };
    }),
}));

import { Router, type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import { actorOf } from '../../../web/actor.js';
import { id, parse, whole } from '../../../web/parse.js';
import { present, seeOther, wantsJson } from '../../../web/present.js';
import type { Writing } from '../sending/template.js';
import type { NotificationList } from './list.service.js';

const params = z.object({ id });
const query = z.object({ page: whole(1, 1_000).default(1) });
/** Where the button that marks all was pressed. */
const pressed = z.object({ back: z.enum(['list', 'home']).default('list') });

/** The reader's own language and zone. */
export const writingOf = ({ page: { locale, zone } }: Request): Writing => ({ locale, zone });

/** `/c/:courseKey/notifications` */
export function listRouter(list: NotificationList): Router {
  const router = Router({ mergeParams: true });

  router.get('/', async (req, res) => {
    const actor = actorOf(req);
    const { page } = parse(query, { page: req.query.page ?? undefined });
    const { items, more } = await list.page(actor, page, writingOf(req));
    present(req, res, {
      view: 'notifications/list',
      title: req.page.t('notifications.title'),
      data: {
        items,
        unread: items.filter((item) => item.unread).length,
        previous: page > 1 ? page - 1 : null,
        next: more ? page + 1 : null,
        // One who looks as another person may mark nothing as read.
        mayMark: actor.viewer === undefined,
      },
    });
  });

  router.post('/read', async (req, res) => {
    const actor = actorOf(req);
    const { back } = parse(pressed, req.body);
    await list.markAllRead(actor);
    seeOther(res, back === 'home' ? `/c/${actor.courseKey}/` : req.baseUrl);
  });

  router.post('/:id/read', async (req, res) => {
    const actor = actorOf(req);
    await list.markRead(actor, parse(params, { id: req.params.id }).id);
    seeOther(res, `/c/${actor.courseKey}/`);
  });

  return router;
}

/** Counts what the person has not read, for the mark beside the section's name on every page. */
export function unreadMark(list: Pick<NotificationList, 'countUnread'>): RequestHandler {
  return async (req, _res, next) => {
    if (req.method === 'GET' && !wantsJson(req)) req.page.unread = await list.countUnread(actorOf(req));
    next();
  };
}

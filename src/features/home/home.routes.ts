import { Router } from 'express';
import { actorOf } from '../../web/actor.js';
import { present } from '../../web/present.js';
import { homeView } from './home.view.js';
import type { HomeDeps } from './index.js';

/** A front page says what is next, not everything. */
const SHOWN = 5;

export function homeRouter({
  consultations,
  timetable,
  assessments,
  questions,
  notifications,
  admin,
}: HomeDeps): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const actor = actorOf(req);
    const [upcoming, todo, unread, asked, classes, administers] = await Promise.all([
      consultations.upcomingFor(actor, SHOWN),
      assessments.todoFor(actor),
      notifications.listUnread(actor, SHOWN, { locale: req.page.locale, zone: req.page.zone }),
      questions.unreadFor(actor, SHOWN),
      timetable.upcomingFor(actor, SHOWN),
      admin.opensTo(actor),
    ]);
    present(req, res, {
      view: 'home/home',
      title: req.page.t('home.title'),
      data: {
        ...homeView(actor, upcoming, todo.slice(0, SHOWN), unread),
        questions: asked,
        classes,
        administers,
      },
    });
  });
  return router;
}

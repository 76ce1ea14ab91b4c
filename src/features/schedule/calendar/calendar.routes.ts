import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Clock } from '../../../shared/clock.js';
import { knownLocale, translator } from '../../../i18n/index.js';
import { actorOf } from '../../../web/actor.js';
import { centreName } from '../../../web/context.js';
import { calendarDate, parse } from '../../../web/parse.js';
import { present, seeOther } from '../../../web/present.js';
import { icsOf } from './ics.js';
import type { CalendarService } from './calendar.service.js';
import { CALENDAR_VIEWS, calendarView, periodOf } from './calendar.view.js';
import { addDays, dateIn } from '../../../shared/days.js';
import { startOf } from './days.js';

/** What the page shows; anything unknown shows the month of today. */
const wanted = z.object({
  view: z.enum(CALENDAR_VIEWS).catch('month'),
  date: calendarDate.optional().catch(undefined),
});

const entryParams = z.object({ file: z.string().regex(/^[a-z]{1,20}-[0-9a-f]{24}\.ics$/) });
const feedParams = z.object({ file: z.string().regex(/^[\w-]{32}\.ics$/) });

export interface CalendarRouterDeps {
  readonly calendar: CalendarService;
  readonly clock: Clock;
  /** Our origin. */
  readonly publicUrl: string;
}

const withoutExtension = (file: string): string => file.slice(0, -'.ics'.length);

function sendIcs(res: Response, text: string, name: string): void {
  res.setHeader('Content-Type', 'text/calendar; charset=utf-8');
  res.setHeader('Content-Disposition', `attachment; filename="${name}"`);
  res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  res.end(text);
}

/** `/c/:courseKey/calendar`: the actor's month, week or agenda, files of single entries, the personal feed. */
export function calendarRouter({ calendar, clock, publicUrl }: CalendarRouterDeps): Router {
  const router = Router({ mergeParams: true });
  const host = new URL(publicUrl).hostname;

  async function show(req: Request, res: Response, feedUrl: string): Promise<void> {
    const actor = actorOf(req);
    const { zone, t } = req.page;
    const { view, date = dateIn(zone, clock.now()) } = parse(wanted, req.query);
    const { first, days } = periodOf(view, date);
    const [entries, since] = await Promise.all([
      calendar.list(actor, startOf(first, zone), startOf(addDays(first, days), zone)),
      calendar.feedSince(actor),
    ]);
    present(req, res, {
      view: 'calendar/calendar',
      title: t('calendar.title'),
      data: {
        calendar: calendarView(entries, {
          ...{ view, date, now: clock.now(), zone },
          centreZone: req.page.centre.zone,
        }),
        feed: { since, url: feedUrl },
      },
    });
  }

  router.get('/', (req, res) => show(req, res, ''));

  router.post('/feed', async (req, res) => {
    const secret = await calendar.renewFeed(actorOf(req), req.page.locale);
    // The secret is shown once and stored as a digest: there is no page to redirect to.
    await show(req, res, `${publicUrl}/calendar/${secret}.ics`);
  });

  router.post('/feed/revoke', async (req, res) => {
    await calendar.revokeFeed(actorOf(req));
    seeOther(res, `${req.baseUrl}/`, 'calendar.revoked');
  });

  router.get('/:file', async (req, res) => {
    const id = withoutExtension(parse(entryParams, req.params).file);
    const entry = await calendar.find(actorOf(req), id);
    const name = req.page.t('calendar.title');
    sendIcs(res, icsOf([entry], { host, name, now: clock.now() }), `${id}.ics`);
  });

  return router;
}

/** `/calendar/<secret>.ics`: a person's feed, for calendar programs; no session. */
export function feedRouter({ calendar, clock, publicUrl }: CalendarRouterDeps): Router {
  const router = Router();
  router.get('/:file', async (req, res) => {
    const { entries, locale } = await calendar.listFeed(withoutExtension(parse(feedParams, req.params).file));
    const t = translator(knownLocale(locale) ?? req.page.locale);
    const name = [t('calendar.feed.name'), centreName(req.page)].filter((part) => part !== '').join(' · ');
    const options = { host: new URL(publicUrl).hostname, name, now: clock.now() };
    sendIcs(res, icsOf(entries, options), 'nastavnik.ics');
  });
  return router;
}

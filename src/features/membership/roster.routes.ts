import { Router, type Request } from 'express';
import { sendExport } from '../../infra/export/index.js';
import { listView, pageOf } from '../../infra/lists/index.js';
import type { Clock } from '../../shared/clock.js';
import { actorOf, requireRole } from '../../web/actor.js';
import { present, seeOther } from '../../web/present.js';
import { id, parse } from '../../web/parse.js';
import { z } from 'zod';
import { groupChoices } from './groups.js';
import { chosenParticipants, rosterColumns, rosterList } from './roster.list.js';
import type { RosterService } from './roster.service.js';
import { rosterView } from './roster.view.js';

const assistsForm = z.object({
  person: id,
  assists: z.enum(['yes', 'no']).transform((said) => said === 'yes'),
});

/** `/c/:courseKey/people`: who belongs to the course, for those who teach in it. */
export function rosterRouter(service: RosterService, clock: Clock): Router {
  const router = Router();

  const chosen = async (req: Request) => {
    const wanted = rosterList.parse(req.query, req.page);
    const people = await service.ofCourse(actorOf(req), wanted.filters.group);
    return { wanted, people: { ...people, participants: chosenParticipants(people.participants, wanted) } };
  };

  router.get('/', requireRole('assistant'), async (req, res) => {
    const { wanted, people } = await chosen(req);
    const { rows, ...found } = pageOf(people.participants, wanted.page, rosterList.size);
    const hasGroups = people.groups.length > 0;
    const columns = rosterColumns(people.groups).filter(({ key }) => hasGroups || key !== 'groups');
    present(req, res, {
      view: 'roster/course',
      title: req.page.t('roster.title'),
      data: rosterView(people),
      locals: {
        listing: listView(rosterList, wanted, req.page, {
          action: req.baseUrl,
          found: { page: found.page, pages: found.pages },
          choices: { group: groupChoices(people.groups, req.page.t) },
          without: hasGroups ? [] : ['group'],
          table: { columns, rows },
          exports: { action: `${req.baseUrl}/export`, columns },
        }),
      },
    });
  });

  router.get('/export', requireRole('assistant'), async (req, res) => {
    const { people } = await chosen(req);
    await sendExport(req, res, {
      title: `${req.page.t('roster.title')}: ${actorOf(req).courseTitle}`,
      columns: rosterColumns(people.groups),
      rows: () => people.participants,
      now: clock.now(),
    });
  });

  router.post('/assistants', requireRole('teacher'), async (req, res) => {
    const { person, assists } = parse(assistsForm, req.body ?? {});
    await service.markAssists(actorOf(req), person, assists);
    seeOther(res, `${req.baseUrl}/`, assists ? 'roster.assists' : 'roster.studies');
  });

  router.post('/refresh', requireRole('teacher'), async (req, res) => {
    await service.refresh(actorOf(req));
    seeOther(res, `${req.baseUrl}/`, 'roster.refresh');
  });

  return router;
}

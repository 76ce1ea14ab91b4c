import { Router } from 'express';
import type { Exports } from '../../infra/export/index.js';
import { address, listView, pageOf } from '../../infra/lists/index.js';
import type { Actor } from '../../shared/actor.js';
import { forbidden } from '../../shared/errors.js';
import { atLeast } from '../../shared/roles.js';
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
export function rosterRouter(service: RosterService, exports: Pick<Exports, 'defineTable'>): Router {
  const router = Router();

  const chosen = async (actor: Actor, query: unknown, reader: { readonly zone: string }) => {
    const wanted = rosterList.parse(query, reader);
    const people = await service.ofCourse(actor, wanted.filters.group);
    return { wanted, people: { ...people, participants: chosenParticipants(people.participants, wanted) } };
  };

  router.get('/', requireRole('assistant'), async (req, res) => {
    const { wanted, people } = await chosen(actorOf(req), req.query, req.page);
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

  const file = exports.defineTable({
    name: 'roster',
    async open({ actor }, query, reader) {
      if (actor === null || !atLeast(actor.role, 'assistant')) throw forbidden();
      const { people } = await chosen(actor, query, reader);
      return {
        title: `${reader.t('roster.title')}: ${actor.courseTitle}`,
        columns: rosterColumns(people.groups),
        rows: () => people.participants,
      };
    },
  });

  router.get('/export', requireRole('assistant'), async (req, res) => {
    const { state } = rosterList.parse(req.query, req.page);
    await file.answer(req, res, state, address(req.baseUrl, state));
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

import { Router, type Request } from 'express';
import { z } from 'zod';
import { listView } from '../../../infra/lists/index.js';
import { fullName, type PersonName } from '../../../shared/names.js';
import { id, optionalLine, parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import type { PrivacyService } from '../../privacy/index.js';
import { byOf } from '../admin.guard.js';
import { peopleView, personView } from '../admin.view.js';
import { peopleList } from './people.list.js';
import type { PeoplePage, FoundPerson } from './people.service.js';

export interface PeopleRouterDeps {
  readonly people: PrivacyService;
  readonly find: (query: string, page: number) => Promise<PeoplePage>;
  readonly describe: (id: string) => Promise<FoundPerson & { readonly email: string }>;
}

const query = z.object({ q: optionalLine(100) });
const idParams = z.object({ id });
const two = z.object({ id, other: id });
/** What cannot be taken back is said yes to in so many words. */
const sure = z.object({ sure: z.literal('on', 'errors.field.sure') });

/** `/admin/people` */
export function peopleRouter({ people, find, describe }: PeopleRouterDeps): Router {
  const router = Router();
  const titleOf = (req: Request, name: PersonName): string => fullName(name) || req.page.t('common.nameless');

  router.get('/', async (req, res) => {
    const wanted = peopleList.parse(req.query, req.page);
    const { q = '' } = wanted.filters;
    const found = await find(q, wanted.page);
    present(req, res, {
      view: 'admin/people',
      title: req.page.t('admin.people.title'),
      data: { q, ...peopleView(found) },
      locals: { listing: listView(peopleList, wanted, req.page, { action: '/admin/people', found }) },
    });
  });

  router.get('/:id', async (req, res) => {
    const person = await describe(parse(idParams, req.params).id);
    present(req, res, {
      view: 'admin/person',
      title: titleOf(req, person.name),
      data: { person: personView(person) },
    });
  });

  router.post('/:id/export', async (req, res) => {
    const { id: personId } = parse(idParams, req.params);
    const data = await people.exportOf(byOf(req), personId);
    res.setHeader('Content-Disposition', `attachment; filename="person-${personId}.json"`);
    res.type('json').send(JSON.stringify(data, null, 2));
  });

  const erasePage = async (req: Request): Promise<Page> => {
    const { id: personId } = parse(idParams, req.params);
    const person = await describe(personId);
    return {
      view: 'admin/person-erase',
      title: req.page.t('admin.people.erase'),
      data: {
        person: personView(person),
        blockers: await people.holds(await people.find(personId)),
      },
    };
  };

  router.get('/:id/erase', async (req, res) => {
    present(req, res, await erasePage(req));
  });

  router.post('/:id/erase', async (req, res) => {
    const { id: personId } = parse(idParams, req.params);
    await people.find(personId);
    parse(sure, req.body ?? {});
    await people.erase(byOf(req), personId);
    seeOther(res, '/admin/people', 'admin.personErased');
  });

  router.get('/:id/merge', async (req, res) => {
    const { id: personId } = parse(idParams, req.params);
    const { q } = parse(query, req.query);
    const person = await describe(personId);
    const found = q === '' ? [] : (await find(q, 1)).people;
    present(req, res, {
      view: 'admin/person-merge',
      title: req.page.t('admin.people.merge'),
      data: {
        q,
        person: personView(person),
        others: found
          .filter((other) => other.id !== personId && other.registrationId === person.registrationId)
          .map(personView),
      },
    });
  });

  router.get('/:id/merge/:other', async (req, res) => {
    const { id: fromId, other } = parse(two, req.params);
    const { from, to } = await people.pair(fromId, other);
    present(req, res, {
      view: 'admin/person-merge-sure',
      title: req.page.t('admin.people.merge'),
      data: {
        person: personView(await describe(fromId)),
        other: personView(await describe(other)),
        blockers: await people.clashes(from, to),
      },
    });
  });

  router.post('/:id/merge/:other', async (req, res) => {
    const { id: fromId, other } = parse(two, req.params);
    await people.pair(fromId, other);
    parse(sure, req.body ?? {});
    await people.merge(byOf(req), fromId, other);
    seeOther(res, `/admin/people/${other}`, 'admin.peopleMerged');
  });

  return router;
}

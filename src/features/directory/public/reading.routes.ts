import { Router, type Request } from 'express';
import { centreName } from '../../../web/context.js';
import { parse } from '../../../web/parse.js';
import { present, type PageHead } from '../../../web/present.js';
import { isOwn, mayEdit, mayHaveCard, mayManage, readerOf } from '../directory.policy.js';
import { isSlug, listQuery } from '../directory.schema.js';
import {
  associationsView,
  cardView,
  describe,
  listView,
  personData,
  responsibleView,
} from '../directory.view.js';
import type { ReadingService } from './reading.service.js';
import { notInDirectory } from '../refusals.js';

/** @throws DomainError `directory-nobody` for an address that cannot exist */
export function slugOf(req: Request): string {
  const { slug } = req.params;
  if (!isSlug(slug)) throw notInDirectory();
  return slug;
}

/** What this reader may do besides reading; on the open web, nothing. */
const can = (req: Request) => ({
  manage: req.actor !== undefined && mayManage(req.actor),
  own: req.actor !== undefined && mayHaveCard(req.actor),
});

/**
 * The pages that everybody reads: `/directory` without a session, and `/c/:courseKey/directory` as one of
 * the course. Who reads decides what is seen; the pages are the same.
 * @param publicUrl origin of canonical addresses
 * @param titles the centre's own words for posts
 */
export function readingRouter(
  reading: ReadingService,
  publicUrl: string,
  titles: () => Promise<Readonly<Record<string, string>>>,
): Router {
  const router = Router();

  /** Inside a course there is nothing for search engines. */
  const headOf = (req: Request, path: string, rest: Omit<PageHead, 'canonical'>): { head?: PageHead } =>
    req.actor === undefined ? { head: { canonical: `${publicUrl}/directory${path}`, ...rest } } : {};

  router.get('/', async (req, res) => {
    const request = parse(listQuery, req.query);
    const list = await reading.list(readerOf(req.actor), request);
    const canonical = list.association ? `/associations/${list.association.slug}` : '';
    present(req, res, {
      view: 'directory/list',
      title: req.page.t('directory.title'),
      data: { q: request.q, ...listView(list, readerOf(req.actor)), can: can(req) },
      ...headOf(req, list.page === 1 ? canonical : `${canonical}?page=${list.page}`, {
        description: req.page.t('directory.description'),
        indexed: request.q === '',
      }),
    });
  });

  router.get('/associations', async (req, res) => {
    present(req, res, {
      view: 'directory/associations',
      title: req.page.t('directory.associations'),
      data: { ...associationsView(await reading.associations(readerOf(req.actor))), can: can(req) },
      ...headOf(req, '/associations', { description: req.page.t('directory.associationsDescription') }),
    });
  });

  router.get('/associations/:slug', async (req, res) => {
    const { page } = parse(listQuery.pick({ page: true }), req.query);
    const reader = readerOf(req.actor);
    const list = await reading.list(reader, { q: '', association: slugOf(req), page });
    const { association } = list;
    if (association === null) throw notInDirectory();
    present(req, res, {
      view: 'directory/association',
      title: association.title,
      data: { ...listView(list, reader), can: can(req) },
      ...headOf(req, `/associations/${association.slug}${page === 1 ? '' : `?page=${page}`}`, {
        description: `${association.title}. ${association.description}`.slice(0, 300),
      }),
    });
  });

  router.get('/responsible', async (req, res) => {
    const reader = readerOf(req.actor);
    const { cards, associations } = await reading.responsible(reader);
    present(req, res, {
      view: 'directory/responsible',
      title: req.page.t('directory.responsible'),
      data: responsibleView(cards, associations, reader),
      locals: { postTitles: await titles() },
      ...headOf(req, '/responsible', { description: req.page.t('directory.responsibleDescription') }),
    });
  });

  router.get('/teachers/:slug', async (req, res) => {
    const reader = readerOf(req.actor);
    const { card, associations } = await reading.card(reader, slugOf(req));
    const teacher = cardView(card, associations, reader);
    const path = `/teachers/${card.slug}`;
    present(req, res, {
      view: 'directory/teacher',
      title: teacher.fullName || req.page.t('common.nameless'),
      locals: { postTitles: await titles() },
      data: {
        teacher,
        can: {
          edit: req.actor !== undefined && mayEdit(req.actor, card),
          own: req.actor !== undefined && isOwn(req.actor, card),
        },
      },
      ...headOf(req, path, {
        description: describe(teacher),
        data: personData(teacher, `${publicUrl}/directory${path}`, {
          name: centreName(req.page),
          site: req.page.centre.site,
        }),
      }),
    });
  });

  return router;
}

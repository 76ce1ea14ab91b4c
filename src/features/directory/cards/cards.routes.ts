import { Router, type Request } from 'express';
import { z } from 'zod';
import { NAMELESS } from '../../../shared/names.js';
import { forbidden } from '../../../shared/errors.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { optionalLine, parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { blankCard, POSTS, type Association, type Card, type ContactKind } from './card.js';
import type { CardsService } from './cards.service.js';
import { PHOTO_MEGABYTES, photosRouter } from './photos.routes.js';
import type { PhotosService } from './photos.service.js';
import { isOwn, mayHaveCard, mayManage } from '../directory.policy.js';
import { anyCard, newCard, newOwnCard, ownCard } from '../directory.schema.js';
import { associationRef, formValues, keptView, missedView } from '../directory.view.js';
import { slugOf } from '../addresses.js';
import { cardActorOf, requireManager } from '../who.js';
import { gatherRows } from './rows.js';

export interface CardsRouterDeps {
  readonly cards: CardsService;
  readonly photos: PhotosService;
  readonly associations: () => Promise<readonly Association[]>;
  /** Kinds of contacts that the centre has. */
  readonly kinds: () => Promise<readonly ContactKind[]>;
}

type Sent = Readonly<Record<string, unknown>>;
const bodyOf = (req: Request): Sent => gatherRows((req.body ?? {}) as Sent);
const isJson = (req: Request): boolean => req.is('application/json') !== false;

/** `/c/:courseKey/directory`: teachers edit their own card; methodists and administrators all of them. */
export function cardsRouter({ cards, photos, associations, kinds }: CardsRouterDeps): Router {
  const router = Router();
  const formPage = async (req: Request, of: Card | 'mine' | 'new', again?: FormAgain): Promise<Page> =>
    formPageOf(req, of, { associations: await associations(), kinds: await kinds() }, again);

  router.get('/mine', async (req, res) => {
    const card = await cards.ownOptional(cardActorOf(req));
    if (card !== null) seeOther(res, `${req.baseUrl}/teachers/${card.slug}/edit`);
    else present(req, res, await formPage(req, 'mine'));
  });

  router.post('/mine', async (req, res) => {
    const actor = cardActorOf(req);
    if (!mayHaveCard(actor)) throw forbidden();
    await answerForm(
      req,
      res,
      async () => {
        const sent = parse(mayManage(actor) ? newCard : newOwnCard, bodyOf(req));
        const card = await cards.makeOwn(actor, sent);
        seeOther(res, `${req.baseUrl}/teachers/${card.slug}`, 'directory.made');
      },
      (again) => formPage(req, 'mine', again),
    );
  });

  router.get('/new-teacher', requireManager, async (req, res) => {
    present(req, res, await formPage(req, 'new'));
  });

  router.post('/teachers', requireManager, async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const card = await cards.create(cardActorOf(req), parse(newCard, bodyOf(req)));
        seeOther(res, `${req.baseUrl}/teachers/${card.slug}`, 'directory.made');
      },
      (again) => formPage(req, 'new', again),
    );
  });

  router.get('/teachers/:slug/edit', async (req, res) => {
    const card = await cards.forEdit(cardActorOf(req), slugOf(req));
    present(req, res, await formPage(req, card));
  });

  router.post('/teachers/:slug', async (req, res) => {
    const actor = cardActorOf(req);
    const card = await cards.forEdit(actor, slugOf(req));
    await answerForm(
      req,
      res,
      async () => {
        const kept = formValues(card, await associations());
        // What is not sent stays as it is; but a form sends nothing for a list with no box ticked.
        const { responsible = [], ...lists } = isJson(req) ? kept.lists : {};
        const manages = mayManage(actor);
        const whole = {
          ...kept.scalars,
          ...kept.rows,
          ...lists,
          ...(manages && { responsible }),
          ...bodyOf(req),
        };
        const { version, card: sent } = parse(manages ? anyCard : ownCard, whole);
        const saved = await cards.save(actor, card, version, sent);
        seeOther(res, `${req.baseUrl}/teachers/${saved.slug}`, 'directory.saved');
      },
      // Read again: another save may have come first.
      async (again) => formPage(req, await cards.forEdit(actor, card.slug), again),
    );
  });

  router.post('/teachers/:slug/withdraw', async (req, res) => {
    const { contact } = parse(withdrawal, { ...(req.body as object | undefined) });
    const what = contact === '' ? 'all' : { contact };
    const card = await cards.withdraw(cardActorOf(req), slugOf(req), what);
    seeOther(res, `${req.baseUrl}/teachers/${card.slug}/edit`, 'directory.withdrawn');
  });

  router.use(
    photosRouter({
      cards,
      photos,
      async formPage(req, card, { errors }) {
        const page = await formPage(req, card);
        // The frame has no field of its own to stand under.
        const photo = errors.photo ?? errors.cropX ?? errors.cropY ?? errors.cropSize;
        return { ...page, data: { ...page.data, photoErrors: { ...errors, ...(photo && { photo }) } } };
      },
    }),
  );

  router.get('/teachers/:slug/remove', requireManager, async (req, res) => {
    const card = await cards.forEdit(cardActorOf(req), slugOf(req));
    present(req, res, {
      view: 'directory/remove-teacher',
      title: req.page.t('directory.removeTeacher'),
      data: keptView(card),
    });
  });

  router.post('/teachers/:slug/remove', requireManager, async (req, res) => {
    await cards.remove(cardActorOf(req), slugOf(req));
    seeOther(res, req.baseUrl, 'directory.removed');
  });

  return router;
}

const withdrawal = z.strictObject({ contact: optionalLine(20) });

const listOf = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/**
 * The form of a card.
 * @param of the card, or the new one that it makes: the actor's own or another person's
 * @param again what was sent and refused; it is shown instead of what is saved
 */
function formPageOf(
  req: Request,
  of: Card | 'mine' | 'new',
  { associations, kinds }: { associations: readonly Association[]; kinds: readonly ContactKind[] },
  again?: FormAgain,
): Page {
  const actor = cardActorOf(req);
  const card = typeof of === 'string' ? null : of;
  const own = card === null ? of === 'mine' : isOwn(actor, card);
  const saved = formValues(card ?? blankCard(own ? actor.name : NAMELESS), associations);
  const sent = again?.values;
  const rows = sent ? { ...saved.rows, ...gatherRows(sent) } : saved.rows;
  const stale = card !== null && again?.errors.version !== undefined;
  return {
    view: 'directory/card-form',
    title: req.page.t(card ? 'directory.editTeacher' : own ? 'directory.mine' : 'directory.newTeacher'),
    data: {
      kept: card && keptView(card),
      values: { ...saved.scalars, ...sent },
      chosen: {
        associations: sent ? listOf(sent.associations) : saved.lists.associations,
        responsible: sent ? listOf(sent.responsible) : saved.lists.responsible,
      },
      rows: {
        contacts: rows.contacts,
        education: rows.education,
        training: rows.training,
        retraining: rows.retraining,
      },
      kinds,
      errors: again?.errors ?? {},
      // The next save is made in the knowledge of what is saved now, which stands beside the fields.
      missed: stale ? missedView(card, Number(sent?.version)) : [],
      saved: stale ? saved.scalars : {},
      associations: associations.map(associationRef),
      posts: POSTS,
      photoErrors: {},
      photoMegabytes: PHOTO_MEGABYTES,
      can: { manage: mayManage(actor), own },
    },
  };
}

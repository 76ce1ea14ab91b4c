import './organisation.view.js';
import { Router, type Request } from 'express';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { byOf } from '../admin.guard.js';
import { BRANCH_KINDS, contactText, type UnitKind } from '../../directory/index.js';
import {
  branchForm,
  holder,
  postParam,
  postTitle,
  unitForm,
  unitKind,
  unitParams,
} from './organisation.schema.js';
import type { OrganisationAdmin } from './organisation.service.js';

const HOME = '/admin/organisation';
const SAVED = 'admin.organisationSaved';

const isBranch = (kind: UnitKind): boolean => BRANCH_KINDS.some((branch) => branch === kind);

/** `/admin/organisation`: who answers for what, whatever roles the LMSs send. */
export function organisationRouter(organisation: OrganisationAdmin): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    present(req, res, {
      view: 'admin/organisation',
      title: req.page.t('admin.organisation.title'),
      data: await organisation.page(),
    });
  });

  async function unitPage(req: Request, kind: UnitKind, id: string | null, again?: FormAgain): Promise<Page> {
    const [unit, choices, cards] = await Promise.all([
      id === null ? null : organisation.findUnit(kind, id),
      organisation.memberChoices(kind),
      kind === 'programme' ? [] : organisation.cards(),
    ]);
    const sent = again?.values;
    const members = sent === undefined ? (unit?.members ?? []) : [sent.members ?? []].flat();
    return {
      view: 'admin/organisation-unit',
      title: req.page.t(`admin.organisation.${kind}.${id === null ? 'new' : 'edit'}`),
      data: {
        kind,
        id,
        isBranch: isBranch(kind),
        values: {
          ...unit?.details,
          telephone: contactText('telephone', unit?.details?.telephone ?? ''),
          ...{ title: unit?.title ?? '', head: unit?.headId ?? '', version: unit?.version ?? 0, ...sent },
        },
        members,
        choices,
        cards,
        errors: again?.errors ?? {},
      },
    };
  }

  router.post('/posts/:post/title', async (req, res) => {
    const { post } = parse(postParam, req.params);
    await organisation.setTitle(byOf(req), post, parse(postTitle, req.body ?? {}).title);
    seeOther(res, HOME, SAVED);
  });

  for (const [path, holds] of [
    ['/posts/:post/holders', true],
    ['/posts/:post/holders/remove', false],
  ] as const) {
    router.post(path, async (req, res) => {
      const { post } = parse(postParam, req.params);
      const { cardId, ...term } = parse(holder, req.body ?? {});
      await organisation.setHolder(byOf(req), post, cardId, holds, term);
      seeOther(res, HOME, SAVED);
    });
  }

  router.get('/:kind/new', async (req, res) => {
    present(req, res, await unitPage(req, parse(unitKind, req.params).kind, null));
  });

  router.get('/:kind/:unitId', async (req, res) => {
    const { kind, unitId } = parse(unitParams, req.params);
    present(req, res, await unitPage(req, kind, unitId));
  });

  const save = async (req: Request, kind: UnitKind, id: string | null): Promise<void> => {
    if (!isBranch(kind)) {
      const { head, ...edit } = parse(unitForm, req.body ?? {});
      await organisation.saveUnit(byOf(req), kind, id, { ...edit, headId: head });
      return;
    }
    const { title, head, version, members, ...details } = parse(branchForm, req.body ?? {});
    await organisation.saveUnit(byOf(req), kind, id, { title, headId: head, version, members, details });
  };

  router.post('/:kind/new', async (req, res) => {
    const { kind } = parse(unitKind, req.params);
    await answerForm(
      req,
      res,
      async () => {
        await save(req, kind, null);
        seeOther(res, HOME, SAVED);
      },
      (again) => unitPage(req, kind, null, again),
    );
  });

  router.post('/:kind/:unitId', async (req, res) => {
    const { kind, unitId } = parse(unitParams, req.params);
    await answerForm(
      req,
      res,
      async () => {
        await save(req, kind, unitId);
        seeOther(res, HOME, SAVED);
      },
      (again) => unitPage(req, kind, unitId, again),
    );
  });

  router.post('/:kind/:unitId/remove', async (req, res) => {
    const { kind, unitId } = parse(unitParams, req.params);
    await organisation.removeUnit(byOf(req), kind, unitId);
    seeOther(res, HOME, SAVED);
  });

  return router;
}

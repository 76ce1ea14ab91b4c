import { Router, type Request } from 'express';
import { z } from 'zod';
import type { AuditActor } from '../../../infra/audit/index.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse, whole } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { BUILT_IN } from './built-in.js';
import { builtInFields, typeFields } from './types.fields.js';
import type { TypesService } from './types.service.js';
import { typeLineView } from './types.view.js';

const params = z.object({ id: z.string().regex(/^[A-Za-z0-9]{1,24}$/) });
const version = { version: whole(0, 1e9) };
const edited = z.object({ ...typeFields.shape, ...version });
const editedBuiltIn = z.object({ ...builtInFields.shape, ...version });
const archiving = z.object({ ...version, archived: z.enum(['yes', 'no']) });

const HOME = '/admin/consultation-types';

/** `/admin/consultation-types`: what kinds of consultations the centre has, and with which rules they begin. */
export function typesRouter(types: TypesService, byOf: (req: Request) => AuditActor): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    present(req, res, {
      view: 'consultations/admin/types',
      title: req.page.t('consultations.types.title'),
      data: { types: (await types.list()).map(typeLineView) },
    });
  });

  const newPage = (req: Request, again?: FormAgain): Page => ({
    view: 'consultations/admin/type',
    title: req.page.t('consultations.types.create'),
    data: {
      id: '',
      builtIn: false,
      archived: false,
      values: { ...typeFields.texts(BUILT_IN.group), title: '', ...again?.values, version: '0' },
      errors: again?.errors ?? {},
    },
  });

  router.get('/new', (req, res) => {
    present(req, res, newPage(req));
  });

  router.post('/new', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        await types.create(byOf(req), parse(z.object(typeFields.shape), req.body ?? {}));
        seeOther(res, HOME, 'consultations.typeSaved');
      },
      (again) => newPage(req, again),
    );
  });

  const typePage = async (req: Request, id: string, again?: FormAgain): Promise<Page> => {
    const { builtIn, archived, rules, version: current } = await types.find(id);
    return {
      view: 'consultations/admin/type',
      title: rules.title || req.page.t(`consultations.type.${id}`),
      data: {
        ...{ id, builtIn, archived },
        values: { ...typeFields.texts(rules), ...again?.values, version: String(current) },
        errors: again?.errors ?? {},
      },
    };
  };

  router.get('/:id', async (req, res) => {
    present(req, res, await typePage(req, parse(params, req.params).id));
  });

  router.post('/:id', async (req, res) => {
    const { id } = parse(params, req.params);
    await answerForm(
      req,
      res,
      async () => {
        const { builtIn } = await types.find(id);
        const { version: seen, ...rules } = parse(builtIn ? editedBuiltIn : edited, req.body ?? {});
        await types.edit(byOf(req), id, seen, rules);
        seeOther(res, HOME, 'consultations.typeSaved');
      },
      (again) => typePage(req, id, again),
    );
  });

  router.post('/:id/archive', async (req, res) => {
    const { id } = parse(params, req.params);
    const { version: seen, archived } = parse(archiving, req.body ?? {});
    await types.archive(byOf(req), id, seen, archived === 'yes');
    seeOther(res, HOME, 'consultations.typeSaved');
  });

  return router;
}

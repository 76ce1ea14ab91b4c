import { Router, type Request } from 'express';
import { z } from 'zod';
import { fullName } from '../../../shared/names.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { id, line, list, optionalLine, parse, whole } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { POSTS } from '../cards/card.js';
import { requireManager } from '../who.js';
import type { Organisation } from './organisation.service.js';

const kind = z.enum(['department', 'programme']);
const unitForm = z.strictObject({
  id: z.union([z.literal(''), id]).default(''),
  version: whole(0, 1_000_000_000).default(0),
  title: line(300),
  headId: z.union([z.literal(''), id]).default(''),
  members: list(id),
});
const titlesForm = z.strictObject(
  Object.fromEntries(POSTS.map((post) => [post, optionalLine(200)])) as Record<
    (typeof POSTS)[number],
    z.ZodType<string>
  >,
);

/** `/admin/directory/organisation`: departments with their associations, programmes, and the centre's words for posts. */
export function organisationRouter(organisation: Organisation): Router {
  const router = Router();
  router.use(requireManager);

  const page = async (req: Request, again?: FormAgain): Promise<Page> => {
    const [departments, programmes, associations, teachers, titles] = await Promise.all([
      organisation.listDepartments(),
      organisation.listProgrammes(),
      organisation.listAssociations(),
      organisation.listTeachers(),
      organisation.titles(),
    ]);
    return {
      view: 'directory/organisation',
      title: req.page.t('directory.organisation.title'),
      data: {
        departments,
        programmes: programmes.map(({ id: unitId, title, version }) => ({ id: unitId, title, version })),
        associations: associations.map(({ id: associationId, title }) => ({ id: associationId, title })),
        heads: teachers.map(({ cardId, name }) => [cardId, fullName(name) || req.page.t('common.nameless')]),
        posts: POSTS.map((post) => ({ post, title: titles[post] ?? '' })),
        values: again?.values ?? {},
        errors: again?.errors ?? {},
      },
    };
  };

  router.get('/', async (req, res) => {
    present(req, res, await page(req));
  });

  router.post('/titles', async (req, res) => {
    const titles = parse(titlesForm, { ...(req.body as object | undefined) });
    for (const post of POSTS) await organisation.setTitle(post, titles[post]);
    seeOther(res, req.baseUrl, 'directory.saved');
  });

  router.post('/:kind', async (req, res) => {
    const unit = parse(kind, req.params.kind);
    await answerForm(
      req,
      res,
      async () => {
        const { id: unitId, version, ...record } = parse(unitForm, { ...(req.body as object | undefined) });
        await organisation.saveUnit(unit, unitId === '' ? null : unitId, version, record);
        seeOther(res, req.baseUrl, 'directory.saved');
      },
      (again) => page(req, again),
    );
  });

  router.post('/:kind/:id/remove', async (req, res) => {
    const unit = parse(kind, req.params.kind);
    await organisation.removeUnit(unit, parse(id, req.params.id));
    seeOther(res, req.baseUrl, 'directory.removed');
  });

  return router;
}

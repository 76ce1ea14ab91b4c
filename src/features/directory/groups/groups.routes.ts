import './pages.view.js';
import { Router, type Request } from 'express';
import { z } from 'zod';
import { fullName } from '../../../shared/names.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { id as anId, line, list, optionalLine, parse, whole } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { slugOf } from '../addresses.js';
import { cardActorOf } from '../who.js';
import type { LmsGroupRef } from './group.js';
import type { GroupsService } from './groups.service.js';

const slug = z.string().regex(/^[a-z0-9-]{1,100}$/);
const params = z.object({ groupId: anId });

/** "course/group", as the form's choices say it. */
const keyOfRef = ({ courseId, groupId }: LmsGroupRef): string => `${courseId}/${groupId}`;
const lmsGroup = optionalLine(300).transform((key): LmsGroupRef | null => {
  const at = key.indexOf('/');
  return at === -1 ? null : { courseId: key.slice(0, at), groupId: key.slice(at + 1) };
});

const groupForm = z.strictObject({
  title: line(200),
  programme: optionalLine(300),
  teachers: list(slug).pipe(z.array(z.string()).max(500, 'errors.field.tooBig')),
  lmsGroup,
  version: whole(0, 1_000_000_000).default(0),
});

/** `…/associations/:slug/groups`: the groups of an association, by those who may edit it. */
export function groupsRouter(groups: GroupsService): Router {
  const router = Router();

  async function formPage(req: Request, id: string | null, again?: FormAgain): Promise<Page> {
    const { association, group, choices } = await groups.forEdit(cardActorOf(req), slugOf(req), id);
    const sent = again?.values;
    const taught = choices.teachers.filter((card) => group?.cardIds.includes(card.id));
    return {
      view: 'directory/group-form',
      title: req.page.t(id === null ? 'directory.group.new' : 'directory.group.edit'),
      data: {
        id,
        association: { slug: association.slug, title: association.title },
        values: {
          title: group?.title ?? '',
          programme: group?.programme ?? '',
          lmsGroup: group?.lmsGroup ? keyOfRef(group.lmsGroup) : '',
          version: group?.version ?? 0,
          ...sent,
        },
        chosen: sent === undefined ? taught.map((card) => card.slug) : [sent.teachers ?? []].flat(),
        teachers: choices.teachers.map((card) => ({ slug: card.slug, fullName: fullName(card.name) })),
        lmsGroups: choices.lmsGroups.map((ref) => ({
          key: keyOfRef(ref),
          name: ref.name,
          course: ref.course,
        })),
        errors: again?.errors ?? {},
      },
    };
  }

  const idOf = (req: Request): string => parse(params, req.params).groupId;

  for (const [path, optionalId] of [
    ['/associations/:slug/groups/new', () => null],
    ['/associations/:slug/groups/:groupId', idOf],
  ] as const) {
    router.get(path, async (req, res) => {
      present(req, res, await formPage(req, optionalId(req)));
    });

    router.post(path, async (req, res) => {
      const id = optionalId(req);
      // Who may not edit the association learns nothing of the form.
      const { association } = await groups.forEdit(cardActorOf(req), slugOf(req), id);
      await answerForm(
        req,
        res,
        async () => {
          const { version, ...input } = parse(groupForm, { ...(req.body as object | undefined) });
          await groups.save(cardActorOf(req), association.slug, id, version, input);
          seeOther(res, `${req.baseUrl}/associations/${association.slug}`, 'directory.saved');
        },
        (again) => formPage(req, id, again),
      );
    });
  }

  router.post('/associations/:slug/groups/:groupId/remove', async (req, res) => {
    const address = slugOf(req);
    await groups.remove(cardActorOf(req), address, idOf(req));
    seeOther(res, `${req.baseUrl}/associations/${address}`, 'directory.removed');
  });

  return router;
}

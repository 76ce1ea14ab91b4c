import { Router } from 'express';
import { actorOf, requireRole } from '../../web/actor.js';
import { answerForm } from '../../web/form.js';
import { parse } from '../../web/parse.js';
import { present, seeOther } from '../../web/present.js';
import type { CopyingService } from './course-copy/course-copy.service.js';
import { linkId, otherContent } from './launch.schema.js';
import { linkView } from './launch.view.js';

/** `/c/:courseKey/links`: what a copied link opens, for those who teach. */
export function linksRouter(service: CopyingService): Router {
  const router = Router();
  router.use(requireRole('teacher'));

  router.get('/:link', async (req, res) => {
    const { link } = parse(linkId, req.params);
    const state = await service.show(actorOf(req), link);
    present(req, res, {
      view: 'launch/link',
      title: req.page.t(`launch.link.${state.state}.title`),
      data: linkView(state, {}),
    });
  });

  router.post('/:link/copy', async (req, res) => {
    const { link } = parse(linkId, req.params);
    await service.confirm(actorOf(req), link);
    seeOther(res, `${req.baseUrl}/${link}`, 'launch.copied');
  });

  router.post('/:link/content', async (req, res) => {
    const actor = actorOf(req);
    const { link } = parse(linkId, req.params);
    const act = async (): Promise<void> => {
      const { content } = parse(otherContent, req.body);
      await service.choose(actor, link, content);
      seeOther(res, `${req.baseUrl}/${link}`, 'launch.chosen');
    };
    await answerForm(req, res, act, async ({ errors }) => {
      const state = await service.show(actor, link);
      return {
        view: 'launch/link',
        title: req.page.t(`launch.link.${state.state}.title`),
        data: linkView(state, errors),
      };
    });
  });

  return router;
}

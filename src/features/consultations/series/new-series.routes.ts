import { Router, type Request } from 'express';
import { pickerPath } from '../../../shared/content.js';
import type { Clock } from '../../../shared/clock.js';
import { newToken } from '../../../shared/ids.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { isZone } from '../../../web/context.js';
import { russianZoneOptions } from '../../../web/format.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { forRequest, newSeries } from '../consultations.schema.js';
import { byDay, choiceView } from '../consultations.view.js';
import type { TypesService } from '../types/types.service.js';
import { blankSeries, draftValues, sentValues, type SeriesFormChoices } from './series.form.js';
import { ASYNCHRONOUS } from './series-settings.js';
import type { PreviewedSlot, SeriesService } from './series.service.js';

const NOTHING_WRONG = {};

export interface NewSeriesRouterDeps {
  readonly service: SeriesService;
  readonly types: Pick<TypesService, 'list' | 'find'>;
  readonly clock: Clock;
  readonly formChoices: SeriesFormChoices;
}

/** New series: the form, what it would make, and making it. */
export function newSeriesRouter({ service, types, clock, formChoices }: NewSeriesRouterDeps): Router {
  const router = Router();
  const teaches = requireRole('teacher');
  const usableTypes = async () => (await types.list()).filter(({ archived }) => !archived);

  const typeChoices = async (chosen: unknown) =>
    (await types.list())
      .filter(({ archived, id }) => !archived || id === chosen)
      .map(({ id, rules }) => ({ id, title: rules.title, form: rules.form }));

  async function formPage(req: Request, again: FormAgain, preview?: readonly PreviewedSlot[]): Promise<Page> {
    const { zone } = again.values;
    return {
      view: 'consultations/new',
      title: req.page.t(again.values.fills ? 'consultations.draft.fill' : 'consultations.new.title'),
      data: {
        ...again,
        types: await typeChoices(again.values.type),
        teachers: choiceView(await service.choosableTeachers(actorOf(req))),
        attestations: await service.attestationsOf(actorOf(req)),
        choices: await formChoices(req, { roomId: '', video: String(again.values.video ?? 'link') }),
        zones: russianZoneOptions(isZone(zone) ? zone : req.page.zone, req.page.locale, clock.now()),
        preview: preview
          ? {
              days: byDay(preview, req.page.zone),
              free: preview.filter(({ taken, closed }) => !taken && closed === null).length,
            }
          : null,
      },
    };
  }

  const formAgain = (req: Request) => (again: FormAgain) =>
    formPage(req, { ...again, values: sentValues(req.body) });

  router.get('/new', teaches, async (req, res) => {
    const { for: request = '', fills, type } = parse(forRequest, req.query);
    if (type === ASYNCHRONOUS) {
      seeOther(res, `/c/${actorOf(req).courseKey}/questions`);
      return;
    }
    const choices = await usableTypes();
    const chosen = choices.find(({ id }) => id === type) ?? choices[0] ?? (await types.find('individual'));
    const blank = blankSeries(chosen, {
      ...{ now: clock.now(), zone: req.page.zone, draft: newToken(), forRequest: request },
    });
    const draft = fills === undefined ? null : await service.findManaged(actorOf(req), fills);
    if (draft !== null && draft.state !== 'draft') {
      seeOther(res, `${req.baseUrl}/${draft.id}`);
      return;
    }
    const values = draft === null ? blank : draftValues(blank, draft);
    present(req, res, await formPage(req, { values, errors: NOTHING_WRONG }));
  });

  router.post('/preview', teaches, async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const slots = await service.preview(actorOf(req), parse(newSeries, req.body));
        present(
          req,
          res,
          await formPage(req, { values: sentValues(req.body), errors: NOTHING_WRONG }, slots),
        );
      },
      formAgain(req),
    );
  });

  router.post('/new', teaches, async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const wish = parse(newSeries, req.body);
        const actor = actorOf(req);
        const { id } = await service.create(actor, wish);
        if (wish.for === undefined) seeOther(res, `${req.baseUrl}/${id}`, 'consultations.created');
        else seeOther(res, `/c/${actor.courseKey}/${pickerPath(wish.for, { kind: 'consultations', id })}`);
      },
      formAgain(req),
    );
  });

  return router;
}

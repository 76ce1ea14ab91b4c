import { Router, type Request } from 'express';
import { z } from 'zod';
import { badInput } from '../../../shared/errors.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { optionalLine, parse, whole } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { groupLabel } from '../../membership/index.js';
import { moment, recordId, zoneField } from '../assessments.schema.js';
import type { OverridesService } from './overrides.service.js';

/** Empty is as the test says. */
const wholeOrNull = (most: number) =>
  z
    .union([z.literal(''), whole(0, most)])
    .default('')
    .transform((value) => (value === '' ? null : value));

const form = z.object({
  subject: z.string().regex(/^[pg]:.{1,255}$/, { error: 'errors.field.missing' }),
  opensAt: optionalLine(40),
  closesAt: optionalLine(40),
  extraPercent: wholeOrNull(500),
  attemptsAllowed: wholeOrNull(100),
  accessCode: optionalLine(60),
  zone: zoneField,
});

/** `/c/:courseKey/tests/:id/overrides`: what is other for a student or a group. */
export function overridesRouter(overrides: OverridesService): Router {
  const router = Router();
  const teacher = requireRole('teacher');

  router.get('/:id/overrides', teacher, async (req, res) => {
    present(req, res, await overridesPage(req));
  });

  router.post('/:id/overrides', teacher, async (req, res) => {
    const id = recordId(req.params.id);
    const act = async (): Promise<void> => {
      const { subject, zone = req.page.zone, accessCode, ...sent } = parse(form, req.body);
      const [opensAt, closesAt] = [
        moment(sent.opensAt, 'opensAt', zone),
        moment(sent.closesAt, 'closesAt', zone),
      ];
      if (opensAt && closesAt && closesAt <= opensAt)
        throw badInput({ closesAt: 'errors.field.endBeforeStart' });
      await overrides.put(actorOf(req), id, subject, {
        opensAt,
        closesAt,
        extraPercent: sent.extraPercent,
        attemptsAllowed: sent.attemptsAllowed,
        accessCode: accessCode === '' ? null : accessCode,
      });
      seeOther(res, `${req.baseUrl}/${id}/overrides`, 'assessments.overrideSaved');
    };
    await answerForm(req, res, act, (again) => overridesPage(req, again));
  });

  router.post('/:id/overrides/:override/remove', teacher, async (req, res) => {
    const id = recordId(req.params.id);
    await overrides.remove(actorOf(req), id, recordId(req.params.override));
    seeOther(res, `${req.baseUrl}/${id}/overrides`, 'assessments.overrideRemoved');
  });

  async function overridesPage(req: Request, again?: FormAgain): Promise<Page> {
    const { t, zone } = req.page;
    const found = await overrides.list(actorOf(req), recordId(req.params.id));
    const { people, groups } = found.subjects;
    const names = new Map<string, string>([
      ...groups.map((group) => [`g:${group.id}`, groupLabel(group, t)] as const),
      ...people.map(({ id, name }) => [`p:${id}`, name || t('common.nameless')] as const),
    ]);
    return {
      view: 'assessments/overrides',
      title: t('assessments.overrides.title'),
      data: {
        test: { id: found.test.id, title: found.test.title },
        overrides: found.overrides.map((override) => ({
          id: override.id,
          name: names.get(override.subject) ?? t('common.nameless'),
          opensAt: override.opensAt,
          closesAt: override.closesAt,
          extraPercent: override.extraPercent,
          attemptsAllowed: override.attemptsAllowed,
          hasCode: override.accessCode !== null,
        })),
        errors: again?.errors ?? {},
      },
      locals: { values: again?.values ?? {}, subjects: [...names], formZone: zone },
    };
  }

  return router;
}

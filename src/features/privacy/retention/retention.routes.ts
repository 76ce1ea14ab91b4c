import { Router, type Request } from 'express';
import { z } from 'zod';
import type { AuditActor } from '../../../infra/audit/index.js';
import type { Clock } from '../../../shared/clock.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { ENDLESS } from '../../../shared/retention.js';
import { checkbox, parse, whole } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { nextNight } from './retention.jobs.js';
import type { RetentionService } from './retention.service.js';
import type { Periods } from './retention.store.js';

const HOME = '/admin/retention';
const form = z.object({ version: whole(0, 1e9), sure: checkbox });

/** `/admin/retention`: how long records are kept. Ages that would remove something are asked about once more. */
export function retentionRouter(
  retention: RetentionService,
  byOf: (req: Request) => AuditActor,
  clock: Clock,
): Router {
  const router = Router();

  /** The ages of the form. @throws DomainError `bad-input` naming the rule */
  async function agesOf(body: unknown): Promise<Periods> {
    const { rules } = await retention.list({});
    const age = ({ choices, endless }: (typeof rules)[number]) =>
      z
        .enum([...choices.map(String), ...(endless ? [ENDLESS] : [])])
        .transform((value) => (value === ENDLESS ? null : Number(value)));
    return parse(z.object(Object.fromEntries(rules.map((rule) => [rule.name, age(rule)]))), body);
  }

  async function retentionPage(req: Request, again?: FormAgain, wanted?: Periods): Promise<Page> {
    const { rules, version } = await retention.list(wanted);
    return {
      view: wanted === undefined ? 'privacy/retention' : 'privacy/retention-sure',
      title: req.page.t('admin.retention.title'),
      data: {
        rules,
        next: nextNight(clock.now()),
        values: {
          ...Object.fromEntries(rules.map(({ name, months }) => [name, String(months ?? ENDLESS)])),
          ...again?.values,
          version,
        },
        errors: again?.errors ?? {},
      },
    };
  }

  router.get('/', async (req, res) => {
    present(req, res, await retentionPage(req));
  });

  router.post('/', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const { version, sure } = parse(form, req.body ?? {});
        const wanted = await agesOf(req.body);
        const { rules } = await retention.list(wanted);
        if (!sure && rules.some(({ due }) => due > 0)) {
          present(req, res, await retentionPage(req, undefined, wanted));
          return;
        }
        await retention.save(byOf(req), version, wanted);
        seeOther(res, HOME, 'admin.settingsSaved');
      },
      (again) => retentionPage(req, again),
    );
  });

  return router;
}

import { Router, type Request } from 'express';
import { z } from 'zod';
import { sendExport, tableRow } from '../../../infra/export/index.js';
import { exportView } from '../../../infra/lists/index.js';
import type { Clock } from '../../../shared/clock.js';
import { fullName } from '../../../shared/names.js';
import { localAt } from '../../../shared/zoned.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { centreName } from '../../../web/context.js';
import { id, parse } from '../../../web/parse.js';
import { present } from '../../../web/present.js';
import { choiceView } from '../consultations.view.js';
import { journalColumns } from './journal.columns.js';
import type { Journal, JournalService } from './journal.service.js';

const wanted = z.object({
  /** A select sends '' for "me". */
  teacher: z.union([id, z.literal('').transform(() => undefined)]).optional(),
  month: z
    .string()
    .regex(/^20\d{2}-(0[1-9]|1[0-2])$/)
    .optional(),
});

export interface JournalRouterDeps {
  readonly journal: JournalService;
  readonly clock: Clock;
  /** Associations of a teacher. */
  readonly associationsOf: (personId: string) => Promise<readonly { readonly name: string }[]>;
  /** Length of an academic hour in minutes. */
  readonly academicMinutes: () => Promise<number>;
}

/** The journal of consultations of a teacher and a month: a page to print, and files. */
export function journalRouter({
  journal,
  clock,
  associationsOf,
  academicMinutes,
}: JournalRouterDeps): Router {
  const router = Router();

  async function read(
    req: Request,
  ): Promise<{ found: Journal; month: string; zone: string; minutes: number }> {
    const { zone } = req.page.centre;
    const { teacher: teacherId, month = localAt(clock.now(), zone).slice(0, 7) } = parse(wanted, req.query);
    const minutes = await academicMinutes();
    const query = { teacherId, month, zone, academicMinutes: minutes };
    return { found: await journal.read(actorOf(req), query), month, zone, minutes };
  }

  router.get('/journal', requireRole('assistant'), async (req, res) => {
    const { found, month, zone, minutes } = await read(req);
    const actor = actorOf(req);
    const columns = journalColumns(zone);
    const teacherId = found.teacher?.id ?? '';
    present(req, res, {
      view: 'consultations/journal',
      title: req.page.t('consultations.journal.title'),
      data: {
        month,
        minutes,
        organisation: centreName(req.page),
        teacher: found.teacher ? fullName(found.teacher.name) : '',
        association: (await associationsOf(teacherId)).map(({ name }) => name).join(', '),
        filter: { teacher: teacherId, month },
        totals: found.totals,
        rows: found.rows.map((row) => tableRow(columns, row, req.page).map(({ text }) => text)),
        headings: columns.map(({ heading }) => req.page.t(heading)),
      },
      locals: {
        teachers: choiceView(await journal.teachers(actor)),
        own: actor.personId,
        files: exportView(
          {
            action: `${req.baseUrl}/journal/export`,
            columns,
            label: 'consultations.journal.save',
          },
          { teacher: teacherId, month },
          req.page,
        ),
      },
    });
  });

  router.get('/journal/export', requireRole('assistant'), async (req, res) => {
    const { found, month, zone } = await read(req);
    const teacher = found.teacher ? fullName(found.teacher.name) : '';
    await sendExport(req, res, {
      title: [req.page.t('consultations.journal.title'), teacher, month].filter(Boolean).join(' '),
      columns: journalColumns(zone),
      rows: () => found.rows,
      now: clock.now(),
    });
  });

  return router;
}

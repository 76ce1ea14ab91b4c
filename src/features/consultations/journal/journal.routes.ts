import { Router } from 'express';
import { z } from 'zod';
import { tableRow, type Exports } from '../../../infra/export/index.js';
import { address, exportView } from '../../../infra/lists/index.js';
import type { Clock } from '../../../shared/clock.js';
import type { Actor } from '../../../shared/actor.js';
import { forbidden } from '../../../shared/errors.js';
import { fullName } from '../../../shared/names.js';
import { atLeast } from '../../../shared/roles.js';
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
  readonly exports: Pick<Exports, 'defineTable'>;
  /** The centre's, an IANA name. */
  readonly zone: () => Promise<string>;
  /** Length of an academic hour in minutes. */
  readonly academicMinutes: () => Promise<number>;
}

/** The journal of consultations of a teacher and a month: a page to print, and files. */
export function journalRouter(deps: JournalRouterDeps): Router {
  const { journal, clock, associationsOf, academicMinutes } = deps;
  const router = Router();

  /** The actor's own journal of the current month unless the address says another. */
  async function wishOf(actor: Actor, query: unknown): Promise<{ teacher: string; month: string }> {
    const today = localAt(clock.now(), await deps.zone());
    const { teacher = actor.personId, month = today.slice(0, 7) } = parse(wanted, query);
    return { teacher, month };
  }

  async function read(
    actor: Actor,
    query: unknown,
  ): Promise<{ found: Journal; month: string; zone: string; minutes: number }> {
    const [zone, { teacher: teacherId, month }] = [await deps.zone(), await wishOf(actor, query)];
    const minutes = await academicMinutes();
    const found = await journal.read(actor, { teacherId, month, zone, academicMinutes: minutes });
    return { found, month, zone, minutes };
  }

  const file = deps.exports.defineTable({
    name: 'journal',
    async open({ actor }, query, { t }) {
      if (actor === null || !atLeast(actor.role, 'assistant')) throw forbidden();
      const { found, month, zone } = await read(actor, query);
      const teacher = found.teacher ? fullName(found.teacher.name) : '';
      return {
        title: [t('consultations.journal.title'), teacher, month].filter(Boolean).join(' '),
        columns: journalColumns(zone),
        rows: () => found.rows,
      };
    },
  });

  router.get('/journal', requireRole('assistant'), async (req, res) => {
    const actor = actorOf(req);
    const { found, month, zone, minutes } = await read(actor, req.query);
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
    const { teacher, month } = await wishOf(actorOf(req), req.query);
    const query = { teacher, month };
    await file.answer(req, res, query, address(`${req.baseUrl}/journal`, query));
  });

  return router;
}

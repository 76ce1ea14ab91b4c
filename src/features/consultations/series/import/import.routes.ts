import { Router, type Request } from 'express';
import { z } from 'zod';
import { uploadedFiles, type UploadRule } from '../../../../infra/files/index.js';
import { actorOf, requireRole } from '../../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../../web/form.js';
import { parse } from '../../../../web/parse.js';
import { present, seeOther, type Page } from '../../../../web/present.js';
import { GRID_MS } from '../../../schedule/index.js';
import { seriesId } from '../../consultations.schema.js';
import type { Span } from '../../slots/intervals.js';
import { LONGEST_SLOT } from '../series-settings.js';
import { MOST_SLOTS } from '../planning.service.js';
import type { SeriesService } from '../series.service.js';
import type { ImportedRow, SlotsImport } from './import.service.js';

const MEGABYTE = 1024 * 1024;

export const slotsUpload: UploadRule = {
  path: /^\/consultations\/[0-9a-f]{24}\/import$/,
  field: 'file',
  maxFiles: 1,
  maxBytes: MEGABYTE,
};

/** "2026-12-01T12:00:00.000Z/2026-12-01T12:30:00.000Z", one a line. */
const written = ({ startsAt, endsAt }: Span): string => `${startsAt.toISOString()}/${endsAt.toISOString()}`;

const span = z
  .tuple([z.iso.datetime(), z.iso.datetime()])
  .transform(([start, end]) => ({ startsAt: new Date(start), endsAt: new Date(end) }))
  .refine(({ startsAt, endsAt }) => {
    const lasts = endsAt.getTime() - startsAt.getTime();
    return lasts > 0 && lasts <= LONGEST_SLOT && startsAt.getTime() % GRID_MS === 0 && lasts % GRID_MS === 0;
  });

const spans = z.array(span).min(1).max(MOST_SLOTS);

const making = z.object({
  spans: z.string().transform((lines, context) => {
    const words = lines.split(/\s+/).filter((line) => line !== '');
    const read = spans.safeParse(words.map((line) => line.split('/')));
    if (read.success) return read.data;
    context.addIssue({ code: 'custom', message: 'errors.field.wrong' });
    return z.NEVER;
  }),
});

/** `…/consultations/<series>/import`: slots of a series from a table. */
export function slotsImportRouter(imports: SlotsImport, service: Pick<SeriesService, 'findManaged'>): Router {
  const router = Router();
  const teaches = requireRole('teacher');
  const idOf = (req: Request): string => parse(seriesId, req.params).seriesId;

  async function importPage(
    req: Request,
    { again, rows = null }: { again?: FormAgain; rows?: readonly ImportedRow[] | null } = {},
  ): Promise<Page> {
    const { id, title, pattern } = await service.findManaged(actorOf(req), idOf(req));
    const good = (rows ?? []).flatMap((row) => (row.problem === null && row.span !== null ? [row.span] : []));
    return {
      view: 'consultations/import',
      title: req.page.t('consultations.import.title'),
      data: {
        ...{ seriesId: id, seriesTitle: title, zone: pattern.zone, length: pattern.length },
        rows,
        count: good.length,
        spans: good.map(written).join('\n'),
        errors: again?.errors ?? {},
      },
    };
  }

  router.get('/:seriesId/import', teaches, async (req, res) => {
    present(req, res, await importPage(req));
  });

  router.post('/:seriesId/import', teaches, async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const rows = await imports.preview(actorOf(req), idOf(req), uploadedFiles(req)[0]);
        present(req, res, await importPage(req, { rows }));
      },
      (again) => importPage(req, { again }),
    );
  });

  router.post('/:seriesId/import/slots', teaches, async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const { spans } = parse(making, req.body ?? {});
        const { waits } = await imports.make(actorOf(req), idOf(req), spans);
        const done = waits ? 'consultations.importBegun' : 'consultations.added';
        seeOther(res, `${req.baseUrl}/${idOf(req)}`, done);
      },
      (again) => importPage(req, { again }),
    );
  });

  return router;
}

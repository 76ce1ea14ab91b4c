import { Router, type Request } from 'express';
import { z } from 'zod';
import { uploadedFiles, type UploadRule } from '../../../infra/files/index.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { calendarDate, parse } from '../../../web/parse.js';
import { present, seeOther, whileWaiting, type Page } from '../../../web/present.js';
import { importId } from '../timetable.schema.js';
import { IMPORT_MEGABYTES, type TimetableImporter } from './import.service.js';
import { COLUMNS, type ColumnMap } from './mapping.js';

const MEGABYTE = 1024 * 1024;

export const importUploads: UploadRule = {
  path: /^\/timetable\/import$/,
  field: 'file',
  maxFiles: 1,
  maxBytes: IMPORT_MEGABYTES * MEGABYTE,
};

const SHOWN = 60;

const date = z.union([calendarDate, z.literal('')]).default('');
const column = z.union([
  z.literal('').transform(() => undefined),
  z
    .string()
    .regex(/^\d{1,2}$/)
    .transform(Number),
]);
const wishForm = z.object({
  ...Object.fromEntries(COLUMNS.map((name) => [name, column.optional()])),
  from: date,
  to: date,
});

/** `/c/:courseKey/timetable/import` */
export function importRouter(importer: TimetableImporter, zone: () => Promise<string>): Router {
  const router = Router();
  router.use('/import', requireRole('teacher'));

  const uploadPage = (req: Request, again: FormAgain = { values: {}, errors: {} }): Page => ({
    view: 'timetable/import',
    title: req.page.t('timetable.import.title'),
    data: { errors: again.errors, megabytes: IMPORT_MEGABYTES },
  });

  router.get('/import', (req, res) => {
    present(req, res, uploadPage(req));
  });

  router.post('/import', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const id = await importer.upload(actorOf(req), uploadedFiles(req)[0]);
        seeOther(res, `${req.baseUrl}/import/${id}`);
      },
      (again) => uploadPage(req, again),
    );
  });

  function wishOf(input: unknown): { map: ColumnMap; from: string; to: string } {
    const { from, to, ...columns } = parse(wishForm, input) as {
      from: string;
      to: string;
    } & { [name in keyof ColumnMap]: ColumnMap[name] | undefined };
    const map = Object.fromEntries(
      Object.entries(columns).flatMap(([name, at]) => (at === undefined ? [] : [[name, at] as const])),
    );
    return { map, from, to };
  }

  async function previewPage(req: Request, id: string, again?: FormAgain): Promise<Page> {
    const sent = Object.keys(req.query).length > 0 ? wishOf(req.query) : null;
    const { uploaded, headings, map, classes, faults } = await importer.preview(actorOf(req), id, {
      ...(sent ?? {}),
      zone: await zone(),
    });
    const waits = uploaded.state === 'reading' || uploaded.state === 'running';
    return {
      ...whileWaiting(waits),
      locals: { waits },
      view: uploaded.state === 'read' ? 'timetable/import-preview' : 'timetable/import-state',
      title: req.page.t('timetable.import.title'),
      data: {
        id,
        state: uploaded.state,
        problem: uploaded.problem && req.page.t(uploaded.problem),
        fileName: uploaded.fileName,
        encoding: uploaded.encoding,
        figures: { total: uploaded.total, done: uploaded.done, taken: uploaded.taken },
        headings,
        columns: COLUMNS,
        map,
        from: sent?.from ?? '',
        to: sent?.to ?? '',
        count: classes.length,
        classes: classes.slice(0, SHOWN).map(({ row, title, startsAt, endsAt, teacher, groupId, place }) => ({
          ...{ row, title, startsAt, endsAt, place },
          teacher: teacher.name,
          known: teacher.id !== '',
          grouped: groupId !== '',
        })),
        faults: faults.slice(0, SHOWN),
        faultCount: faults.length,
        errors: again?.errors ?? {},
      },
    };
  }

  router.get('/import/:importId', async (req, res) => {
    present(req, res, await previewPage(req, parse(importId, req.params).importId));
  });

  router.post('/import/:importId', async (req, res) => {
    const { importId: id } = parse(importId, req.params);
    await answerForm(
      req,
      res,
      async () => {
        await importer.begin(actorOf(req), id, { ...wishOf(req.body ?? {}), zone: await zone() });
        seeOther(res, `${req.baseUrl}/import/${id}`, 'timetable.importBegun');
      },
      (again) => previewPage(req, id, again),
    );
  });

  router.post('/import/:importId/undo', async (req, res) => {
    const { importId: id } = parse(importId, req.params);
    await importer.undo(actorOf(req), id);
    seeOther(res, `${req.baseUrl}/`, 'timetable.importUndone');
  });

  return router;
}

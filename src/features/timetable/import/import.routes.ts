import { Router, type Request } from 'express';
import { z } from 'zod';
import { uploadedFiles, type UploadRule } from '../../../infra/files/index.js';
import { mondayOf } from '../../../shared/days.js';
import { shortName } from '../../../shared/names.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, fieldErrors, type FormAgain } from '../../../web/form.js';
import { calendarDate, parse } from '../../../web/parse.js';
import { present, seeOther, whileWaiting, type Page } from '../../../web/present.js';
import { importId } from '../timetable.schema.js';
import { IMPORT_MEGABYTES, type ImportWish, type TimetableImporter } from './import.service.js';
import { COLUMNS, type ColumnMap } from './mapping.js';

const MEGABYTE = 1024 * 1024;

export const importUploads: UploadRule = {
  path: /^\/timetable\/import$/,
  field: 'file',
  maxFiles: 1,
  maxBytes: IMPORT_MEGABYTES * MEGABYTE,
};

const SHOWN = 60;
const SHOWN_FAULTS = 1_000;

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

const FIELDS = [...COLUMNS, 'from', 'to'] as const;

/** What the form of the columns says; null where nothing of it was sent. */
const sentIn = <Wish>(input: object, read: (input: object) => Wish): Wish | null =>
  FIELDS.some((name) => name in input) ? read(input) : null;

const queryOf = ({ map, from, to }: Pick<ImportWish, 'map' | 'from' | 'to'>): string =>
  new URLSearchParams({
    ...Object.fromEntries(COLUMNS.map((name) => [name, String(map[name] ?? '')])),
    ...{ from, to },
  }).toString();

/**
 * `/c/:courseKey/timetable/import`
 * @param zone of the centre, in which files mean their times
 */
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

  /** A refused form comes back as it was sent, as far as it can be understood. */
  const wishAgain = (input: object): ReturnType<typeof wishOf> | null =>
    wishForm.safeParse(input).success ? wishOf(input) : null;

  async function previewPage(req: Request, id: string, again?: FormAgain): Promise<Page> {
    const sent = again === undefined ? sentIn(req.query, wishOf) : sentIn(again.values, wishAgain);
    const { uploaded, headings, map, classes, faults, ...read } = await importer.preview(actorOf(req), id, {
      ...(sent ?? {}),
      zone: await zone(),
    });
    const groups = new Map(read.groups.map(({ id, name }) => [id, name]));
    const teachers = new Map(read.teachers.map(({ id, name }) => [id, shortName(name)]));
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
        added: uploaded.done - uploaded.taken,
        takenRows: uploaded.takenRows,
        headings,
        columns: COLUMNS,
        map,
        from: sent?.from ?? '',
        to: sent?.to ?? '',
        count: classes.length,
        classes: classes.slice(0, SHOWN).map(({ row, title, startsAt, endsAt, teacher, groupId, place }) => ({
          ...{ row, title, startsAt, endsAt, place },
          teacher: teachers.get(teacher.id) ?? teacher.name,
          known: teacher.id !== '',
          group: groups.get(groupId) ?? '',
        })),
        faults: faults.slice(0, SHOWN_FAULTS),
        faultCount: faults.length,
        week: classes[0] ? mondayOf(classes[0].day) : '',
        errors: again?.errors ?? fieldErrors(req, read.errors),
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
        const sent = (req.body ?? {}) as Record<string, unknown>;
        const wish = wishOf(sent);
        const page = `${req.baseUrl}/import/${id}`;
        if (sent.show === undefined) await importer.begin(actorOf(req), id, { ...wish, zone: await zone() });
        // Shown again by an address of its own, in which no token of a form stands.
        seeOther(res, sent.show === undefined ? page : `${page}?${queryOf(wish)}`);
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

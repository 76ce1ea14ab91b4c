import { Router, type Request } from 'express';
import { z } from 'zod';
import type { Column, Exports } from '../../../infra/export/index.js';
import { uploadedFiles, type UploadRule } from '../../../infra/files/index.js';
import { forbidden } from '../../../shared/errors.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { checkbox, list, parse } from '../../../web/parse.js';
import { present, seeOther, whileWaiting, type Page } from '../../../web/present.js';
import { VISIBILITIES } from '../cards/card.js';
import { cardActorOf, requireManager } from '../who.js';
import { IMPORT_FIELDS, isImportField } from './fields.js';
import type { ImportService } from './import.service.js';
import { importRow, previewView } from './import.view.js';
import type { LineFault } from './rows.js';

const MEGABYTES = 10;

export const importUpload: UploadRule = {
  path: /^\/directory\/import$/,
  field: 'file',
  maxFiles: 1,
  maxBytes: MEGABYTES * 1024 * 1024,
};

const params = z.object({ key: z.string().regex(/^[a-z0-9]{12}$/) });
const mappingForm = z.strictObject({
  column: list(z.string().transform((value) => (isImportField(value) ? value : ''))).refine(
    (given) => given.length <= 60,
  ),
});
const applyForm = z.strictObject({ visibility: z.enum(VISIBILITIES).default('staff'), consent: checkbox });

const FAULT_COLUMNS: readonly Column<LineFault>[] = [
  { key: 'line', heading: 'directory.import.lineHead', kind: 'number', value: ({ line }) => line },
  {
    ...{ key: 'field', heading: 'directory.import.column', kind: 'text' },
    value: ({ field }, { t }) => t(`directory.import.field.${field}`),
  },
  {
    ...{ key: 'fault', heading: 'directory.import.fault.heading', kind: 'text' },
    value: ({ fault, value }, { t }) => t(`directory.import.fault.${fault}`, { value }),
  },
];

/** `/admin/directory/import`: people and associations from CSV and XLSX. */
export function importRouter(imports: ImportService, exports: Pick<Exports, 'defineTable'>): Router {
  const router = Router();
  router.use(requireManager);

  const uploadPage = async (req: Request, again?: FormAgain): Promise<Page> => ({
    view: 'directory/import',
    title: req.page.t('directory.import.title'),
    data: {
      imports: (await imports.list()).map(importRow),
      errors: again?.errors ?? {},
      megabytes: MEGABYTES,
    },
  });
  const draftPage = async (req: Request, again?: FormAgain): Promise<Page> => {
    const { key } = parse(params, req.params);
    const found = await imports.preview(key);
    return {
      ...whileWaiting(found.record.state === 'running' || found.record.state === 'undoing'),
      view: 'directory/import-draft',
      title: req.page.t('directory.import.title'),
      data: {
        ...previewView(found, req.page.t),
        fields: IMPORT_FIELDS,
        visibilities: VISIBILITIES,
        values: again?.values ?? { visibility: 'staff' },
        errors: again?.errors ?? {},
      },
    };
  };

  router.get('/', async (req, res) => {
    present(req, res, await uploadPage(req));
  });

  router.post('/', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const key = await imports.upload(cardActorOf(req), uploadedFiles(req)[0]);
        seeOther(res, `${req.baseUrl}/${key}`);
      },
      (again) => uploadPage(req, again),
    );
  });

  router.get('/:key', async (req, res) => {
    present(req, res, await draftPage(req));
  });

  const faultsFile = exports.defineTable({
    name: 'directory-import-faults',
    async open({ kind }, { key = '' }, { t }) {
      if (kind !== 'admin') throw forbidden();
      const { faults } = await imports.preview(key);
      return { title: t('directory.import.faults'), columns: FAULT_COLUMNS, rows: () => faults };
    },
  });
  router.get('/:key/faults', async (req, res) => {
    const { key } = parse(params, req.params);
    await faultsFile.answer(req, res, { key }, `${req.baseUrl}/${key}`);
  });

  router.post('/:key/mapping', async (req, res) => {
    const { key } = parse(params, req.params);
    const { column } = parse(mappingForm, { ...(req.body as object | undefined) });
    await imports.map(key, column);
    seeOther(res, `${req.baseUrl}/${key}`, 'directory.mapped');
  });

  router.post('/:key/apply', async (req, res) => {
    const { key } = parse(params, req.params);
    await answerForm(
      req,
      res,
      async () => {
        const isDone = await imports.apply(key, parse(applyForm, { ...(req.body as object | undefined) }));
        seeOther(res, `${req.baseUrl}/${key}`, isDone ? 'directory.imported' : undefined);
      },
      (again) => draftPage(req, again),
    );
  });

  router.post('/:key/undo', async (req, res) => {
    const { key } = parse(params, req.params);
    const isDone = await imports.undo(key);
    seeOther(res, `${req.baseUrl}/${key}`, isDone ? 'directory.undone' : undefined);
  });

  return router;
}

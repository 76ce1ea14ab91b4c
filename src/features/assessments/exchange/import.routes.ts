import { Router, type Request } from 'express';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { uploadedFiles, type UploadRule } from '../../../infra/files/index.js';
import { badInput } from '../../../shared/errors.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse, whole } from '../../../web/parse.js';
import { present, seeOther, whileWaiting, type Page } from '../../../web/present.js';
import { recordId } from '../assessments.schema.js';
import { DUPLICATE_RULES } from './import-writer.js';
import type { ImportService, SentFile } from './import.service.js';
import { importView, SHOWN } from './import.view.js';
import { FORMATS } from './read-file.js';

const MEGABYTE = 1024 * 1024;
const MOST_MEGABYTES = 20;

export const questionsUpload: UploadRule = {
  path: /^\/tests\/import$/,
  field: 'file',
  maxFiles: 1,
  maxBytes: MOST_MEGABYTES * MEGABYTE,
};

const sentForm = z.object({
  text: z.string().max(MEGABYTE).default(''),
  format: z
    .enum(FORMATS)
    .or(z.literal('').transform(() => null))
    .default(null),
  test: z
    .string()
    .regex(/^[0-9a-f]{24}$/)
    .or(z.literal('').transform(() => null))
    .default(null),
});
const forTest = z.object({
  test: z
    .string()
    .regex(/^[0-9a-f]{24}$/)
    .optional()
    .catch(undefined),
});
const rule = z.enum(DUPLICATE_RULES);
const confirmation = z.object({
  duplicates: rule.default('skip'),
  /** A button to other questions of the import instead of the one that confirms: a list and its page. */
  look: z
    .string()
    .regex(new RegExp(`^(?:${SHOWN.join('|')}):\\d{1,4}$`))
    .optional(),
});
/** The choice goes along from page to page, so that it is not lost before it is confirmed. */
const looked = z.object({
  show: z.enum(SHOWN).catch('all'),
  page: whole(1, 9_999).catch(1),
  duplicates: rule.catch('skip'),
});

/** `/c/:courseKey/tests/import`: questions from a file or a pasted text, for teachers. */
export function importRouter(imports: ImportService): Router {
  const router = Router();
  const teacher = requireRole('teacher');

  router.get('/import', teacher, (req, res) => {
    present(req, res, formPage(req, parse(forTest, req.query).test ?? ''));
  });

  router.post('/import', teacher, async (req, res) => {
    const form = (again: FormAgain): Page => formPage(req, String(again.values.test ?? ''), again);
    const act = async (): Promise<void> => {
      const { text, format, test } = parse(sentForm, { ...(req.body as object | undefined) });
      const id = await imports.read(actorOf(req), await sentFile(req, text, format), test);
      seeOther(res, `${req.baseUrl}/import/${id}`);
    };
    await answerForm(req, res, act, form);
  });

  router.get('/import/:id', teacher, async (req, res) => {
    const found = await imports.find(actorOf(req), recordId(req.params.id));
    const waits = found.state === 'reading' || found.state === 'writing';
    present(req, res, {
      ...whileWaiting(waits),
      view: 'assessments/import-preview',
      title: req.page.t('exchange.title'),
      data: importView(found, parse(looked, req.query), req.page.t),
    });
  });

  router.post('/import/:id', teacher, async (req, res) => {
    const id = recordId(req.params.id);
    const { duplicates, look } = parse(confirmation, req.body);
    if (look !== undefined) {
      const [show = '', page = ''] = look.split(':');
      const query = new URLSearchParams({ show, page, duplicates }).toString();
      seeOther(res, `${req.baseUrl}/import/${id}?${query}#questions`);
      return;
    }
    await imports.confirm(actorOf(req), id, duplicates);
    seeOther(res, `${req.baseUrl}/import/${id}`, 'exchange.done');
  });

  router.post('/import/:id/undo', teacher, async (req, res) => {
    const id = recordId(req.params.id);
    const left = await imports.undo(actorOf(req), id);
    seeOther(res, `${req.baseUrl}/import/${id}`, left > 0 ? 'exchange.undonePartly' : 'exchange.undone');
  });

  return router;
}

/** The uploaded file, or the pasted text. @throws DomainError `bad-input` on `file` where both are missing */
async function sentFile(req: Request, text: string, format: SentFile['format']): Promise<SentFile> {
  const [upload] = uploadedFiles(req);
  if (upload !== undefined && upload.size > 0)
    return { bytes: await readFile(upload.path), name: upload.name, format };
  if (text.trim() === '') throw badInput({ file: 'exchange.problem.nothing' });
  return { bytes: Buffer.from(text), name: '', format };
}

const formPage = (req: Request, test: string, again?: FormAgain): Page => ({
  view: 'assessments/import',
  title: req.page.t('exchange.title'),
  data: {
    test,
    values: again?.values ?? {},
    errors: again?.errors ?? {},
    formats: FORMATS,
    megabytes: MOST_MEGABYTES,
  },
});

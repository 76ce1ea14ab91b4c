import type { Request } from 'express';
import { z } from 'zod';
import { uploadedFiles } from '../../../infra/files/index.js';
import type { Actor } from '../../../shared/actor.js';
import { sentFields, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import type { Page } from '../../../web/present.js';
import { questionFrom } from './question.schema.js';
import { typeOf, type Fields, type TypeName } from '../types/index.js';
import type { QuestionFiles, StoredMedia } from './question-files.service.js';
import { MOST_FILE_MEGABYTES } from './question-files.service.js';
import type { QuestionContent } from './questions.store.js';
import { mediaText } from './rich-text.js';

/* The form of a question: in a test, and in the bank. */

/** Buttons beside the one that saves. */
const buttons = z.object({
  /** More rows. */
  more: z.string().optional(),
  /** The chosen file becomes part of the question. */
  attach: z.string().optional(),
  /** The question as a student sees it. */
  preview: z.string().optional(),
  /** Save, and go on with a new one. */
  next: z.string().optional(),
  /** The field that gets the file, with the number of its row: `option:2`. */
  attachTo: z
    .string()
    .regex(/^[a-zA-Z]{1,20}(?::\d{1,3})?$/)
    .catch('text')
    .default('text'),
});

/** Where the form stands. */
export interface FormPlace {
  readonly title: string;
  /** Below the course. */
  readonly back: string;
  readonly action: string;
  /** Questions of a test have a section, and go on with the Deep Linking request they came from. */
  readonly inTest: boolean;
  readonly picker: string | null;
  readonly query: string;
}

export interface ShownQuestion {
  readonly type: TypeName;
  readonly values: Fields;
  /** Null for a new one. */
  readonly question: { readonly key: string; readonly version: number } | null;
}

export type AskedButton = 'more' | 'attach' | 'preview' | 'next' | 'save';

export const buttonOf = (req: Request): AskedButton => {
  const { more, attach, preview, next } = parse(buttons, req.body ?? {});
  if (more !== undefined) return 'more';
  if (attach !== undefined) return 'attach';
  if (preview !== undefined) return 'preview';
  return next !== undefined ? 'next' : 'save';
};

/**
 * Stores the file that came with the form and puts it into the form's fields, so that it is there also when the form
 * is shown again.
 * @throws DomainError `bad-input` on `file`; `file-too-large` (413); `files-quota` (409)
 */
export async function takeFile(
  req: Request,
  actor: Actor,
  files: QuestionFiles,
  type: TypeName,
): Promise<void> {
  const [upload] = uploadedFiles(req);
  if (upload === undefined || upload.size === 0) return;
  const media = await files.upload(actor, upload);
  const { attachTo } = parse(buttons, req.body ?? {});
  const values = sentFields(req.body);
  req.body = typeOf(type).onPicture
    ? { ...values, ...pictureOf(media) }
    : { ...values, ...inserted(values, attachTo, media) };
}

const pictureOf = ({ id, size }: StoredMedia): Fields =>
  size === null ? {} : { image: id, imageWidth: String(size.width), imageHeight: String(size.height) };

function inserted(values: FormAgain['values'], to: string, { id, name, isAudio }: StoredMedia): Fields {
  const code = mediaText(id, name.replace(/\.\w{1,5}$/u, ''), isAudio);
  const [field = 'text', row] = to.split(':');
  const before = values[field];
  if (Array.isArray(before) && row !== undefined && Number(row) < before.length) {
    return { [field]: before.map((text, at) => (at === Number(row) ? `${text} ${code}`.trim() : text)) };
  }
  const text = typeof before === 'string' ? before : values.text;
  const kept = typeof text === 'string' ? text.trimEnd() : '';
  const name_ = typeof before === 'string' ? field : 'text';
  return { [name_]: kept === '' ? code : `${kept}\n\n${code}` };
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** How many rows the button adds. */
const ROWS = 4;

/** The form as it was sent, with more empty rows. */
export function moreRows(req: Request, type: TypeName): FormAgain {
  const values = sentFields(req.body);
  const added = Array.from({ length: ROWS }, () => '');
  const rows: Record<string, string[]> = {};
  for (const name of typeOf(type).rowFields ?? []) {
    if (values[name] !== undefined) rows[name] = [...list(values[name]), ...added];
  }
  return { values: { ...values, ...rows }, errors: {} };
}

/** A question as a student sees it before anything is answered; parts that are drawn stand in their own order. */
export function previewOf({ text, format = 'plain', definition, mark }: QuestionContent) {
  const type = typeOf(definition.type);
  const assigned = type.deal(definition, false, (limit) => limit - 1);
  return {
    type: definition.type,
    field: 'preview',
    number: 1,
    text: type.text?.(definition, text, assigned) ?? text,
    format,
    mark,
    ...type.answering(definition, assigned, null),
  };
}

/** @param preview the content to be shown as a student sees it */
export function questionPage(
  req: Request,
  place: FormPlace,
  { type, values, question }: ShownQuestion,
  again?: FormAgain,
  preview: QuestionContent | null = null,
): Page {
  return {
    view: 'assessments/question',
    title: req.page.t(question ? 'assessments.question.edit' : 'assessments.question.new'),
    data: {
      place,
      question,
      kind: type,
      values: again?.values ?? values,
      errors: again?.errors ?? {},
      preview: preview && previewOf(preview),
      megabytes: MOST_FILE_MEGABYTES,
      onPicture: typeOf(type).onPicture === true,
    },
  };
}

/** The page for a button that does not save; null for those that do. @throws DomainError `bad-input` */
export function withoutSaving(
  req: Request,
  button: AskedButton,
  type: TypeName,
): { readonly again: FormAgain; readonly preview: QuestionContent | null } | null {
  const asSent = { values: sentFields(req.body), errors: {} };
  if (button === 'more') return { again: moreRows(req, type), preview: null };
  if (button === 'attach') return { again: asSent, preview: null };
  if (button === 'preview') return { again: asSent, preview: questionFrom(req.body, type) };
  return null;
}

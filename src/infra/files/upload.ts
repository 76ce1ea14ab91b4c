import type { Request, RequestHandler, Response } from 'express';
import type Multer from 'multer';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DomainError } from '../../shared/errors.js';
import { newKey } from '../../shared/ids.js';
import { lazyPackage } from '../../shared/lazy-package.js';

const multer = lazyPackage<typeof Multer>('multer');

/** An address that takes files. All others refuse forms that carry any. */
export interface UploadRule {
  /** Of the address below the course, such as `/directory/cards/:id/photo`. */
  readonly path: RegExp;
  /** The field of the form. */
  readonly field: string;
  readonly maxFiles: number;
  /** Of each file. */
  readonly maxBytes: number;
  /** Of the form, beside its files; 50 unless given. */
  readonly maxFields?: number;
}

/** A file as it came: on this machine's disk until the request is answered. */
export interface UploadedFile {
  readonly path: string;
  /** As the browser says. Not to be used as a path. */
  readonly name: string;
  readonly size: number;
}

interface Upload {
  readonly files: readonly UploadedFile[];
  /** What was wrong with it, for the form to show. */
  readonly failure: DomainError | null;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express declares its extension points so
  namespace Express {
    interface Request {
      upload?: Upload;
    }
  }
}

/** Texts and the token of a form, beside its files. */
const FORM_LIMITS = { fields: 50, fieldSize: 64 * 1024, fieldNameSize: 100, headerPairs: 20 };

/**
 * Reads forms with files at the addresses that take them, before the token is checked, for it is in the form. It
 * belongs behind what finds out who sends the form. What is wrong with the files is thrown by `uploadedFiles`, in
 * the handler, so that the form can be shown again. The files are deleted when the request is over.
 * @throws DomainError `wrong-content-type` (415) at other addresses, `bad-upload` (400) for a form that breaks off
 */
export function uploads(rules: () => readonly UploadRule[]): RequestHandler {
  return async (req, res, next) => {
    if (!isMultipart(req)) {
      next();
      return;
    }
    const rule = rules().find(({ path: address }) => req.method === 'POST' && address.test(req.path));
    if (rule === undefined) throw new DomainError('wrong-content-type', 415);
    const at = await uploadFolder();
    const made: string[] = [];
    res.once('close', () => {
      for (const file of made) void rm(file, { force: true });
    });
    const storage = multer().diskStorage({
      destination: at,
      filename: (_req, _file, named) => {
        const name = newKey(20);
        made.push(path.join(at, name));
        named(null, name);
      },
    });
    req.upload = await receive(req, res, rule, storage);
    next();
  };
}

/** Returns whether the request carries a form with files. */
export const isMultipart = (req: Request): boolean => req.is('multipart/form-data') === 'multipart/form-data';

/**
 * Returns the files of the form, for a handler behind `uploads`; none where the form was sent without.
 * @throws DomainError `file-too-large` (413), `bad-upload` (400)
 */
export function uploadedFiles({ upload }: Request): readonly UploadedFile[] {
  if (upload?.failure) throw upload.failure;
  return upload?.files ?? [];
}

function receive(
  req: Request,
  res: Response,
  rule: UploadRule,
  storage: Multer.StorageEngine,
): Promise<Upload> {
  const form = multer()({
    storage,
    // Browsers send names in UTF-8, whatever the older specification says.
    defParamCharset: 'utf8',
    limits: {
      ...FORM_LIMITS,
      ...(rule.maxFields !== undefined && { fields: rule.maxFields }),
      files: rule.maxFiles,
      fileSize: rule.maxBytes,
    },
  });
  return new Promise((resolve, reject) => {
    form.array(rule.field)(req, res, (error: unknown) => {
      if (error !== undefined) {
        const failure = failureOf(error, rule);
        if (failure instanceof DomainError && failure.details.fields !== undefined) {
          resolve({ files: [], failure });
        } else reject(failure);
        return;
      }
      const received = (req.files ?? []) as Express.Multer.File[];
      resolve({
        files: received.map((file) => ({ path: file.path, name: file.originalname, size: file.size })),
        failure: null,
      });
    });
  });
}

/** Errors of the file system are ours; all others are the sender's. */
function failureOf(error: unknown, { field, maxBytes }: UploadRule): Error {
  const { MulterError } = multer();
  if (error instanceof MulterError && error.code === 'LIMIT_FILE_SIZE') {
    return new DomainError('file-too-large', 413, {
      fields: { [field]: 'errors.field.fileTooLarge' },
      params: { megabytes: Math.floor(maxBytes / (1024 * 1024)) },
    });
  }
  if (error instanceof MulterError && error.code === 'LIMIT_FILE_COUNT') {
    return new DomainError('too-many-files', 400, { fields: { [field]: 'errors.field.tooManyFiles' } });
  }
  if (error instanceof MulterError && error.code === 'LIMIT_FIELD_VALUE') {
    return new DomainError('too-large', 413, {}, { cause: error });
  }
  const ours = error instanceof Error && 'syscall' in error;
  return ours ? error : new DomainError('bad-upload', 400, {}, { cause: error });
}

let made: Promise<string> | undefined;

/** The folder of this process for uploads, made when it is first needed and removed at the end. */
function uploadFolder(): Promise<string> {
  if (made === undefined) {
    made = mkdtemp(path.join(tmpdir(), 'nastavnik-uploads-'));
    made.then(
      (folder) => process.once('exit', () => rmSync(folder, { recursive: true, force: true })),
      () => (made = undefined),
    );
  }
  return made;
}

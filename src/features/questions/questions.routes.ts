import { Router } from 'express';
import type { UploadRule } from '../../infra/files/index.js';
import { askingRouter, type AskingRouterDeps } from './asking.routes.js';
import { questionRouter, type QuestionRouterDeps } from './question.routes.js';
import { LIMITS } from './questions.schema.js';

const MEGABYTE = 1024 * 1024;

export const questionUploads: readonly UploadRule[] = [
  /^\/questions\/new$/,
  /^\/questions\/[0-9a-f]{24}\/messages$/,
].map((path) => ({
  path,
  field: 'files',
  maxFiles: LIMITS.files,
  maxBytes: LIMITS.megabytes * MEGABYTE,
}));

/** `/c/:courseKey/questions` */
export const questionsRouter = (deps: AskingRouterDeps & QuestionRouterDeps): Router =>
  Router().use(askingRouter(deps), questionRouter(deps));

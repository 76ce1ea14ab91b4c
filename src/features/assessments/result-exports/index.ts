import type { Router } from 'express';
import type { Exports } from '../../../infra/export/index.js';
import { attemptFiles, type AttemptFilesDeps } from './attempt-files.js';
import { resultExportsRouter } from './result-exports.routes.js';

export interface ResultExportsFeatureDeps extends AttemptFilesDeps {
  readonly exports: Exports;
}

/** All attempts of a test as a file, which a job writes. */
export function addResultExports({ exports, ...deps }: ResultExportsFeatureDeps): Router {
  exports.define(attemptFiles(deps));
  return resultExportsRouter(exports, (courseId, testId) => deps.tests.findOptional(courseId, testId));
}

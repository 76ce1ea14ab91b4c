import type { Router } from 'express';
import type { Connection } from 'mongoose';
import type { Events } from '../../../infra/events/index.js';
import type { Jobs } from '../../../infra/jobs/index.js';
import { createRegrader, type RegraderDeps } from './regrader.js';
import { addRegradeJobs } from './regrades.jobs.js';
import { regradesRouter, type RegradesRoutesDeps } from './regrades.routes.js';
import { createRegradesService, type RegradesService } from './regrades.service.js';
import { createRegradesStore } from './regrades.store.js';

export type { RegradesService } from './regrades.service.js';

export interface RegradingDeps
  extends Omit<RegraderDeps, 'regrades'>, Omit<RegradesRoutesDeps, 'regrades' | 'tests'> {
  readonly connection: Connection;
  readonly jobs: Jobs;
  readonly events: Events;
  readonly testPages: RegradesRoutesDeps['tests'];
}

/** Marks worked out again: pages and the background work. */
export function addRegrading({ connection, jobs, events, testPages, results, ...deps }: RegradingDeps): {
  readonly router: Router;
  readonly regrades: RegradesService;
} {
  const store = createRegradesStore(connection);
  const regrades = createRegradesService({ ...deps, regrades: store });
  addRegradeJobs({ jobs, events, regrades: store, regrader: createRegrader({ ...deps, regrades: store }) });
  return { regrades, router: regradesRouter({ regrades, tests: testPages, results }) };
}

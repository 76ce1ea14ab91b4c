import type { Router } from 'express';
import type { Audit } from '../audit/index.js';
import type { LaunchRoom } from '../launch/index.js';
import { viewingRouter } from './viewing.routes.js';
import { createViewingService } from './viewing.service.js';

export interface ViewingDeps {
  readonly launch: Pick<LaunchRoom, 'courses' | 'people'>;
  readonly audit: Pick<Audit, 'append'>;
}

/** To see a course as a student sees it. Nothing can be changed meanwhile, and the log knows who looks. */
export interface ViewingRoom {
  /** `/c/:courseKey/view-as` */
  readonly router: Router;
}

export const createViewing = ({ launch, audit }: ViewingDeps): ViewingRoom => ({
  router: viewingRouter(createViewingService({ ...launch, audit })),
});

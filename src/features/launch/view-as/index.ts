import type { Router } from 'express';
import type { Audit } from '../../../infra/audit/index.js';
import type { MembershipFeature } from '../../membership/index.js';
import type { SessionStore } from '../../../web/session.js';
import { viewingRouter } from './viewing.routes.js';
import { createViewingService } from './viewing.service.js';

export interface ViewingDeps {
  readonly membership: Pick<MembershipFeature, 'courses' | 'people'>;
  readonly audit: Pick<Audit, 'append'>;
  readonly sessions: Pick<SessionStore, 'save'>;
}

/** To see a course as a student sees it. Nothing can be changed meanwhile, and the log knows who looks. */
export interface ViewAsFeature {
  /** `/c/:courseKey/view-as` */
  readonly router: Router;
}

export const createViewAs = ({ membership, audit, sessions }: ViewingDeps): ViewAsFeature => ({
  router: viewingRouter(createViewingService({ ...membership, audit }), sessions),
});

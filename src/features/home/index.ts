import type { Router } from 'express';
import type { AdminFeature } from '../admin/index.js';
import type { AssessmentsFeature } from '../assessments/index.js';
import type { ConsultationsFeature } from '../consultations/index.js';
import type { QuestionsFeature } from '../questions/index.js';
import type { TimetableFeature } from '../timetable/index.js';
import type { NotificationsFeature } from '../notifications/index.js';
import { homeRouter } from './home.routes.js';

export interface HomeDeps {
  readonly consultations: Pick<ConsultationsFeature, 'upcomingFor'>;
  readonly notifications: Pick<NotificationsFeature, 'listUnread'>;
  readonly timetable: Pick<TimetableFeature, 'upcomingFor'>;
  readonly questions: Pick<QuestionsFeature, 'unreadFor'>;
  readonly admin: Pick<AdminFeature, 'opensTo'>;
  readonly assessments: Pick<AssessmentsFeature, 'todoFor'>;
}

/** The course's front page: what is next for this person, and the ways to everything else. */
export interface HomeFeature {
  /** `/c/:courseKey/` */
  readonly router: Router;
}

export const createHome = (deps: HomeDeps): HomeFeature => ({ router: homeRouter(deps) });

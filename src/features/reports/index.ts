import './reports.view.js';
import type { Request, RequestHandler, Router } from 'express';
import type { Connection } from 'mongoose';
import type { Exports } from '../../infra/export/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import { SECOND } from '../../shared/clock.js';
import { forbidden } from '../../shared/errors.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { Requester } from '../../shared/requester.js';
import { atLeast } from '../../shared/roles.js';
import { actorOf } from '../../web/actor.js';
import type { ConsultationsFeature } from '../consultations/index.js';
import { hasDuties, type Organisation } from '../directory/index.js';
import type { MembershipFeature } from '../membership/index.js';
import type { AttestationsStore } from '../schedule/index.js';
import type { QuestionsFeature } from '../questions/index.js';
import { createCountedStore } from './counting/counted.store.js';
import { createCounting } from './counting/counting.service.js';
import { countedPersonalData } from './counting/personal-data.js';
import { createReportFiles } from './report-files.js';
import { reportsRouter } from './reports.routes.js';
import type { ReportReader } from './report.js';
import { createReports } from './reports.service.js';

export interface ReportsDeps {
  readonly consultations: Pick<ConsultationsFeature, 'reporting'>;
  readonly questions: Pick<QuestionsFeature, 'askedBetween' | 'countAskedBetween'>;
  readonly organisation: Organisation;
  readonly membership: Pick<MembershipFeature, 'courses' | 'people'>;
  readonly attestations: Pick<AttestationsStore, 'list'>;
  readonly exports: Pick<Exports, 'defineTable'>;
  readonly storage: { readonly connection: Connection };
  readonly jobs: Jobs;
  /** Length of an academic hour in minutes. */
  readonly academicMinutes: () => Promise<number>;
  readonly clock: Clock;
}

/** Figures for those who answer for the centre or a part of it. */
export interface ReportsFeature {
  /** `/c/:courseKey/reports` */
  readonly router: Router;
  /** `/staff/reports` @param cardIdOf the card of the person who has signed in */
  staffRouter(cardIdOf: (req: Request) => string): Router;
  /** Adds the section to the pages of those to whom it is open. */
  readonly showSection: RequestHandler;
  readonly personalData: PersonalData;
}

/** Who leads changes a few times a year; each page of a course asks. */
const MEMO_MS = 10 * SECOND;

export function createReportsFeature(deps: ReportsDeps): ReportsFeature {
  const { organisation, membership, clock } = deps;
  const reports = createReports({ ...deps, courses: membership.courses, people: membership.people });
  const store = createCountedStore(deps.storage.connection);
  const counting = createCounting({ jobs: deps.jobs, store, reports, clock });

  let memo: { readonly until: number; readonly ids: Promise<ReadonlySet<string>> } | undefined;
  const leaderIds = (): Promise<ReadonlySet<string>> => {
    const now = clock.now().getTime();
    if (memo === undefined || now >= memo.until) {
      memo = { until: now + MEMO_MS, ids: organisation.leaderIds() };
      memo.ids.catch(() => (memo = undefined));
    }
    return memo.ids;
  };

  async function readerOf(actor: Actor): Promise<ReportReader> {
    const duties = await organisation.dutiesOf(actor.personId);
    if (!hasDuties(duties) && !atLeast(actor.role, 'methodist')) throw forbidden();
    return { duties, courseId: actor.courseId };
  }

  async function readerOfCard(cardId: string): Promise<ReportReader> {
    const duties = await organisation.dutiesOfCard(cardId);
    if (!hasDuties(duties)) throw forbidden();
    return { duties, courseId: null };
  }

  async function readerOfRequester({ kind, id, actor }: Requester): Promise<ReportReader> {
    if (kind === 'staff') return readerOfCard(id);
    if (actor === null) throw forbidden();
    return readerOf(actor);
  }

  const files = createReportFiles({ ...deps, reports, counting, readerOf: readerOfRequester });

  return {
    router: reportsRouter({ reports, counting, clock, files, readerOf: (req) => readerOf(actorOf(req)) }),
    staffRouter: (cardIdOf) =>
      reportsRouter({ reports, counting, clock, files, readerOf: (req) => readerOfCard(cardIdOf(req)) }),
    personalData: countedPersonalData(store),
    async showSection(req, _res, next) {
      const { viewer, role, personId } = actorOf(req);
      if (viewer === undefined && (atLeast(role, 'methodist') || (await leaderIds()).has(personId)))
        req.page.extraSections = [...req.page.extraSections, 'reports'];
      next();
    },
  };
}

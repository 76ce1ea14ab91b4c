import express, { type Express } from 'express';
import type { Logger } from 'pino';
import { answerRulesNow, associationsOf, personalDataOf } from './between-features.js';
import type { Config } from './config.js';
import { accessCollections, createAccess, type AccessFeature } from './features/access/index.js';
import { adminCollections, createAdmin, type AdminFeature, type ScryptCost } from './features/admin/index.js';
import {
  createRegistration,
  type RegistrationFeature,
} from './features/admin/platforms/registration/index.js';
import { createAssessments, type AssessmentsFeature } from './features/assessments/index.js';
import { createConsultations, type ConsultationsFeature } from './features/consultations/index.js';
import { createDirectory, type DirectoryFeature } from './features/directory/index.js';
import { createGrades, type GradebookFeature } from './features/gradebook/index.js';
import { createHome } from './features/home/index.js';
import {
  createLaunch,
  createLaunchLog,
  createViewAs,
  launchCollections,
  type LaunchFeature,
  type LaunchLogFeature,
} from './features/launch/index.js';
import { createMembership, type MembershipFeature } from './features/membership/index.js';
import { createNotifications, type NotificationsFeature } from './features/notifications/index.js';
import { createPrivacy, type PrivacyFeature } from './features/privacy/index.js';
import { createQuestions, type QuestionsFeature } from './features/questions/index.js';
import { createReportsFeature } from './features/reports/index.js';
import { createSchedule, type ScheduleFeature } from './features/schedule/index.js';
import { createTimetableFeature, type TimetableFeature } from './features/timetable/index.js';
import { createVideo } from './features/video/index.js';
import { addFirstSteps } from './first-steps.js';
import { auditCollections } from './infra/audit/index.js';
import type { Events } from './infra/events/index.js';
import type { Files } from './infra/files/index.js';
import { jobCollections, type Jobs } from './infra/jobs/index.js';
import type { Mail } from './infra/mail/index.js';
import type { CentreSettings } from './infra/settings/index.js';
import { createInfrastructure, type Infrastructure } from './infrastructure.js';
import type { Lti } from './lti/index.js';
import { mountRoutes } from './routes.js';
import type { Clock } from './shared/clock.js';
import { createRegistry } from './shared/registry.js';
import type { Storage } from './storage/index.js';
import type { FirstStep } from './web/admin-sections.js';
import { centreName } from './web/context.js';
import type { Limits } from './web/rate-limit.js';

export interface AppDeps {
  readonly config: Config;
  /** At least 32 characters; see `loadSecret`. */
  readonly secret: string;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Logger;
  /** Moves the clock of a demo on. */
  readonly moveClock?: (milliseconds: number) => void;
  /** What hashing an administrator's password costs; tests pay less. */
  readonly passwordCost?: ScryptCost;
  /** Tests ask more, and fail more, than people do. */
  readonly limits?: Limits;
}

/** The built application: an Express app to listen with, and what `program.ts` starts and stops. */
export interface App {
  readonly express: Express;
  readonly lti: Lti;
  /** The centre's settings, for scripts. */
  readonly centre: CentreSettings;
  /** The features' faces, for scripts and tests. */
  readonly features: Features;
  /** All background work, with the events that cause it. */
  readonly jobs: Jobs;
  readonly events: Events;
  readonly mail: Mail;
  readonly files: Files;
  /** What `program.ts` starts and stops; each finishes its batch when stopped. */
  readonly workers: readonly Worker[];
}

export interface Features {
  readonly launch: LaunchFeature;
  readonly launches: LaunchLogFeature;
  readonly privacy: PrivacyFeature;
  readonly grades: GradebookFeature;
  readonly directory: DirectoryFeature;
  readonly consultations: ConsultationsFeature;
  readonly schedule: ScheduleFeature;
  readonly assessments: AssessmentsFeature;
  readonly questions: QuestionsFeature;
  readonly notifications: NotificationsFeature;
  readonly timetable: TimetableFeature;
  readonly access: AccessFeature;
  readonly membership: MembershipFeature;
  readonly registration: RegistrationFeature;
  readonly admin: AdminFeature;
}

export interface Worker {
  start(): void;
  stop(): Promise<void>;
}

export type FeaturesOfApp = ReturnType<typeof createFeatures>;

/**
 * The table of contents: each feature is handed the infrastructure and what stands above it. Models are defined here on
 * the storage's connection, so indexes can be built after.
 */
function createFeatures(deps: AppDeps, base: Infrastructure) {
  const { config } = deps;
  const { audit, centre, exports, files, lti, mail } = base;

  const membership = createMembership({
    ...base,
    maxAgeHours: async () => (await centre.now()).rosterHours ?? config.rosterHours,
  });
  const launch = createLaunch({ ...base, membership });
  const grades = createGrades({ ...base, membership, launch });
  const directory = createDirectory({ ...base, membership, mailIsOn: mail.mode !== 'off' });
  const { organisation } = directory;
  const schedule = createSchedule(base);
  schedule.identities.sources.add((personIds) => directory.identitiesOf(personIds));
  const video = createVideo(base);
  const consultations = createConsultations({
    ...{ ...base, membership, launch, grades, schedule, video },
    associationsOf: associationsOf(directory),
    slugsOf: (personIds, staff) => directory.slugsOf(personIds, staff),
  });
  directory.freeTimes.add(consultations);
  const assessments = createAssessments({
    ...{ ...base, membership, launch, grades, consultations },
    associationsOf: associationsOf(directory),
  });
  directory.selfChecks.add(assessments.selfChecks);
  const questions = createQuestions({
    ...{ ...base, membership, organisation, consultations },
    rules: answerRulesNow(base, schedule),
  });
  for (const feature of [questions, assessments]) directory.associationUses.add(feature);
  const timetable = createTimetableFeature({ ...base, membership, consultations, schedule });
  directory.taughtClasses.add(timetable);
  const notifications = createNotifications({
    ...{ ...base, consultations, assessments, grades, membership, questions, organisation },
    centre: async () => centre.now(),
    centreName: async () => {
      const now = await centre.now();
      return centreName({ centre: now, locale: now.locale });
    },
    newMaterials: (from, to) => directory.newMaterials(from, to),
    mailings: directory.mailings,
    nameCasesOf: (ids) => directory.nameCasesOf(ids),
    classes: timetable.told,
  });
  const { attestations } = schedule;
  const reports = createReportsFeature({
    ...{ ...base, consultations, questions, organisation, membership, attestations },
    academicMinutes: async () => (await centre.now()).academicMinutes,
  });
  const access = createAccess({
    ...{ ...base, membership, organisation },
    beginSession: launch.beginSession,
    lmsOf: async (id) => (await lti.registrations.findOptionalById(id))?.issuer ?? '',
  });
  const registration = createRegistration(base);
  const holding = [consultations, assessments, questions, timetable, grades, directory, notifications];
  const privacy = createPrivacy({
    ...{ ...base, membership },
    personalDataSources: () => personalDataOf(base, [...holding, schedule, video, launch, reports]),
    collections: [
      launchCollections,
      auditCollections,
      adminCollections,
      jobCollections,
      accessCollections,
    ].flat(),
  });
  const viewing = createViewAs({ membership, audit, sessions: launch.sessions });
  const launches = createLaunchLog(base);
  const firstSteps = createRegistry<FirstStep>();
  addFirstSteps(firstSteps, { centre, lti, directory, consultations });
  const admin = createAdmin({
    ...{ ...deps, ...base, membership, organisation, launches, privacy, grades, registration, notifications },
    ...{ mail, files, firstSteps },
    sections: [
      { path: 'directory', router: (byOf) => directory.adminRouter(byOf) },
      { path: 'consultation-types', router: (byOf) => consultations.typesRouter(byOf) },
      { path: 'closed-days', router: (byOf) => schedule.closedDaysRouter(byOf) },
      { path: 'places', router: (byOf) => schedule.placesRouter(byOf) },
      { path: 'video', router: (byOf) => video.adminRouter(byOf) },
      { path: 'retention', router: (byOf) => privacy.retentionRouter(byOf) },
      { path: 'exports', router: () => exports.router },
    ],
    uploads: () => directory.uploads,
  });
  const home = createHome({ consultations, timetable, assessments, questions, notifications, admin });
  return {
    ...{
      membership,
      launch,
      launches,
      privacy,
      grades,
      directory,
      consultations,
      schedule,
      assessments,
      questions,
    },
    ...{ timetable, notifications, access, registration, admin, home, reports, video, viewing },
  };
}

/** Builds everything; listens to nothing and starts nothing. */
export function buildApp(deps: AppDeps): App {
  const base = createInfrastructure(deps);
  const { centre, jobs, events, lti, mail, files } = base;
  const features = createFeatures(deps, base);
  const app = express();
  mountRoutes(app, deps, base, features);
  const background: Worker = {
    start: () => jobs.start(),
    async stop() {
      await jobs.stop();
      mail.close();
      await files.close();
    },
  };
  const workers = [background, features.launches.writer];
  return { express: app, lti, centre, features, jobs, events, mail, files, workers };
}

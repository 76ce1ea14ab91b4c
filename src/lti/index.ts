import { Router, type ErrorRequestHandler, type RequestHandler } from 'express';
import type { Clock } from '../shared/clock.js';
import type { Queue } from '../shared/queue.js';
import type { SealedField, Sealer } from '../shared/sealing.js';
import type { Storage } from '../storage/index.js';
import { createAccessTokens } from './keys/access-tokens.js';
import { createAgs, type Ags } from './services/scores.js';
import { createConnectionCheck, type ConnectionReport } from './registrations/connection-check.js';
import { deepLinkingResponse, type DeepLinkingResponse } from './services/deep-linking.js';
import {
  createDynamicRegistration,
  type DynamicRegistration,
} from './dynamic-registration/dynamic-registration.js';
import {
  createPlatformConfigurations,
  type PlatformConfigurations,
} from './registrations/platform-configuration.js';
import {
  createRegistrationClientsStore,
  REGISTRATION_TOKENS_SEALED,
} from './registrations/registration-clients.store.js';
import {
  createRegistrationManagement,
  type RegistrationManagement,
} from './registrations/registration-management.js';
import { cookieProbe } from './launch/cookie-probe.js';
import { createEngine } from './launch/engine.js';
import { createJwksCache } from './keys/jwks.js';
import { launchGate } from './launch/launch-gate.js';
import { createLineItems, type LineItems } from './services/line-items.js';
import { launchUrl, loginGate } from './launch/login.js';
import { storageGate } from './launch/storage-gate.js';
import { createCourseGroups, type CourseGroups } from './services/groups.js';
import { createNrps, type Nrps } from './services/memberships.js';
import { createNoticeSubscriptions, type NoticeSubscriptions } from './notices/notice-subscriptions.js';
import { noticesBody, noticesGate } from './notices/notices.js';
import { createNoticesStore } from './notices/notices.store.js';
import { NoticesWorker, type NoticesWorkerDeps } from './notices/notices.worker.js';
import { createOutbound } from './transport/outbound.js';
import { formBody } from './claims/params.js';
import { refuse } from './launch/refusal.js';
import { createRegistrations, type Registrations } from './registrations/registrations.js';
import { createRegistrationsStore, type Registration } from './registrations/registrations.store.js';
import { createUnknownDeploymentsStore } from './registrations/unknown-deployments.store.js';
import { createResults, type Results } from './services/results.js';
import { createServices } from './services/granted-services.js';
import { createToolKeys, TOOL_KEYS_SEALED, type ToolKeys } from './keys/tool-keys.js';
import { createUsedStatesStore } from './launch/used-states.store.js';
import { traced, traceRefusal, type LaunchResult } from './launch/launch-result.js';

export { askedOfPlatform, keptByPlatform } from './launch/platform-storage.js';
export { uncookiedOf, type Uncookied } from './launch/cookie-probe.js';
export type {
  DynamicRegistration,
  PlatformOffer,
  Registered,
} from './dynamic-registration/dynamic-registration.js';
export type { PlatformConfiguration } from './registrations/platform-configuration.js';
export type { RegistrationManagement } from './registrations/registration-management.js';
export type { MetadataDifference } from './dynamic-registration/tool-metadata.differences.js';
export { customParameters, servicesOf, shortScope, wantedOf } from './dynamic-registration/tool-metadata.js';
export { CLAIM, MESSAGE, type DeepLinkingSettings, type LaunchClaims } from './claims/claims.js';
export type { Score, ScoreOutcome, Ags } from './services/scores.js';
export type { ContentItem, DeepLinkingResponse, Told } from './services/deep-linking.js';
export { LineItemError, type LineItem, type LineItems } from './services/line-items.js';
export type { Result, ResultAnswer, Results } from './services/results.js';
export type { ServiceProblem } from './transport/service-error.js';
export type { ServiceAccess } from './services/granted-services.js';
export type { ConnectionReport, ConnectionStep } from './registrations/connection-check.js';
export { launchOf, type VerifiedLaunch } from './launch/launch-gate.js';
export { nameFrom } from './claims/names.js';
export { groupIdsIn, type CourseGroups, type GroupsSource, type PlatformGroup } from './services/groups.js';
export type { Member, Nrps, MembershipList } from './services/memberships.js';
export { RosterError } from './transport/pages.js';
export {
  originsOf,
  platformName,
  registrationStale,
  type NewRegistration,
  type Registrations,
} from './registrations/registrations.js';
export type { Registration, RegistrationEdit } from './registrations/registrations.store.js';
export {
  COMMON_ROLES,
  commonRole,
  isPlatformAdministrator,
  roleFrom,
  roleUri,
  shortRole,
  type RoleRule,
} from './claims/roles.js';
export type { UnknownDeployment } from './registrations/unknown-deployments.store.js';
export type { LaunchResult } from './launch/launch-result.js';

/** Everything of ours that rests encrypted under SECRET. */
export const LTI_SEALED: readonly SealedField[] = [TOOL_KEYS_SEALED, REGISTRATION_TOKENS_SEALED];

export interface LtiDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly sealer: Sealer;
  /** Our origin. */
  readonly publicUrl: string;
  readonly allowPrivateNetwork: boolean;
  /** How long an LMS's service may take to answer; 15 s unless told. */
  readonly lmsTimeoutMs?: number | undefined;
  /** What becomes of launches from unlisted deployments of platforms that are registered anew; `ask` unless told. */
  readonly unknownDeployments?: () => Promise<Registration['unknownDeployments']>;
}

/** What the application does where the protocol ends. */
export interface LtiHandlers {
  /** Asked before anything else; throws at whom it would not have. */
  readonly guard: RequestHandler;
  /** Takes in a launch that passed every check; found by `launchOf(req)`. */
  readonly accept: RequestHandler[];
  /**
   * Offers a new window to a browser that keeps no cookies where it is; finds the login by `uncookiedOf(req)`, and
   * what the platform may keep in place of a cookie by `keptByPlatform(req)`.
   */
  readonly newWindow: RequestHandler;
  /** Told of every launch, and of every login that was refused, after the answer. */
  readonly onLaunchResult: (result: LaunchResult) => void;
  /** Asks the platform for what it kept (`askedOfPlatform(req)`), or calls `next()` to have the launch refused. */
  readonly askStorage: RequestHandler;
}

/** Everything of the LTI protocol: nothing else in the application speaks it. */
export interface Lti {
  readonly registrations: Registrations;
  readonly ags: Ags;
  readonly nrps: Nrps;
  readonly courseGroups: CourseGroups;
  readonly results: Results;
  readonly lineItems: LineItems;
  readonly notices: Pick<NoticeSubscriptions, 'offered' | 'settled'> & {
    /** The worker that tells the application of notices that were taken in. */
    worker(handlers: Pick<NoticesWorkerDeps, 'onContextCopy' | 'onError'>): NoticesWorker;
    /** Those that were taken in and not worked on. */
    queue(): Promise<Queue>;
  };
  readonly dynamicRegistration: DynamicRegistration;
  readonly registrationManagement: RegistrationManagement;
  /** What a platform says of itself, for who registers it by hand. */
  readonly findConfiguration: PlatformConfigurations['find'];
  readonly keys: Pick<ToolKeys, 'published' | 'rotate'>;
  /** Where every link of ours is launched. */
  readonly launchUrl: string;
  /** Asks the platform for its keys, its configuration and a token, and says what came of it. Changes nothing. */
  checkConnection(registration: Registration): Promise<ConnectionReport>;
  /** The signed response that carries content items back to the platform. */
  deepLinkingResponse(response: DeepLinkingResponse): Promise<string>;
  /** Routes under `/lti`. No body parser may have run before it; `cookieSigning` must have. */
  router(handlers: LtiHandlers): Router;
  /** Makes the signing key if there is none, so that the first platform need not wait for it. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

/** Defines its models on the storage's connection; call before `storage.ensureIndexes()`. */
export function createLti(deps: LtiDeps): Lti {
  const { storage, clock, publicUrl, sealer } = deps;
  const outbound = createOutbound(deps);
  const clients = createRegistrationClientsStore(storage.connection, sealer);
  const registrations = createRegistrations(
    createRegistrationsStore(storage.connection),
    createUnknownDeploymentsStore(storage.connection),
    clients,
    outbound,
    clock,
    deps.unknownDeployments ?? (() => Promise.resolve('ask')),
  );
  const registering = {
    outbound,
    configurations: createPlatformConfigurations(outbound),
    registrations,
    clients,
    publicUrl,
    launchUrl: launchUrl(publicUrl),
  };
  const usedStates = createUsedStatesStore(storage.connection, clock);
  const toolKeys = createToolKeys(storage.connection, deps.sealer, () => clock.now());
  const jwks = createJwksCache(outbound, clock);
  const engine = createEngine(toolKeys);
  const tokens = createAccessTokens(toolKeys, outbound, clock);
  const notices = createNoticesStore(storage.connection);
  const subscriptions = createNoticeSubscriptions({
    connection: storage.connection,
    clock,
    outbound,
    tokens,
    handler: `${publicUrl}/lti/notices`,
  });
  const services = createServices({
    outbound,
    tokens,
    timeoutMs: deps.lmsTimeoutMs,
  });

  return {
    registrations,
    ags: createAgs(services, clock),
    results: createResults(services),
    lineItems: createLineItems(services, clock, launchUrl(publicUrl)),
    nrps: createNrps(services),
    courseGroups: createCourseGroups(services),
    notices: {
      ...subscriptions,
      worker: (handlers) => new NoticesWorker({ store: notices, clock, ...handlers }),
      queue: () => notices.queue(),
    },
    keys: toolKeys,
    dynamicRegistration: createDynamicRegistration(registering),
    registrationManagement: createRegistrationManagement(registering),
    findConfiguration: (address) => registering.configurations.find(address),
    launchUrl: launchUrl(publicUrl),
    checkConnection: createConnectionCheck(outbound, toolKeys, clock),
    deepLinkingResponse: (response) => deepLinkingResponse(toolKeys, clock, launchUrl(publicUrl), response),
    router({ guard, accept, newWindow, askStorage, onLaunchResult }) {
      const router = Router({ caseSensitive: true, strict: true });
      router.use(guard);
      router.all(
        '/login',
        traced('login', clock, onLaunchResult),
        formBody(),
        loginGate({
          publicUrl,
          registrations,
          clock,
          sealer,
          engine,
          probe: cookieProbe(newWindow),
          showPage: newWindow,
        }),
      );
      router.all(
        '/launch',
        traced('launch', clock, onLaunchResult),
        formBody(),
        storageGate(registrations, askStorage),
        launchGate({ publicUrl, clock, sealer, registrations, usedStates, jwks, engine }),
        ...accept,
      );
      router.all('/notices', noticesBody(), noticesGate({ clock, registrations, jwks, store: notices }));
      router.get('/keys', engine.keys);
      router.use(() => {
        throw refuse('lti-no-such-address', 404);
      });
      /** Pages of refusals are read inside the LMS's frame. */
      const framed: ErrorRequestHandler = async (error, req, _res, next) => {
        traceRefusal(req, error);
        req.page.frameOrigins = await registrations.frameOrigins();
        next(error);
      };
      router.use(framed);
      return router;
    },
    async warmUp() {
      await toolKeys.signing();
    },
    async close() {
      await subscriptions.settled();
      await outbound.close();
    },
  };
}

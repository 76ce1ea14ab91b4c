import { Router, type ErrorRequestHandler, type RequestHandler } from 'express';
import type { Clock } from '../shared/clock.js';
import type { SealedField, Sealer } from '../shared/sealing.js';
import type { Storage } from '../storage/index.js';
import { createAccessTokens } from './keys/access-tokens.js';
import { createScores, type Scores } from './services/scores.js';
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
import { framesOfRefusal } from './launch/claimed-platform.js';
import { launchGate } from './launch/launch-gate.js';
import { createLineItems, type LineItems } from './services/line-items.js';
import { launchUrl, loginGate } from './launch/login.js';
import { storageGate } from './launch/storage-gate.js';
import { createCourseGroups, type CourseGroups } from './services/groups.js';
import { createMemberships, type Memberships } from './services/memberships.js';
import { createNoticeSubscriptions, type NoticeSubscriptions } from './notices/notice-subscriptions.js';
import { noticesBody, noticesGate, type ContextCopyNotice } from './notices/notices.js';
import { platformOf, type Platform } from './platforms/index.js';
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

export { storageQuestionOf, platformStorageOf } from './launch/platform-storage.js';
export { longLoginOf, uncookiedOf, type Uncookied } from './launch/cookie-probe.js';
export { launchLocaleOf } from './launch/claimed-platform.js';
export type {
  DynamicRegistration,
  PlatformOffer,
  Registered,
} from './dynamic-registration/dynamic-registration.js';
export type { PlatformConfiguration } from './registrations/platform-configuration.js';
export type { RegistrationManagement } from './registrations/registration-management.js';
export type { MetadataDifference } from './dynamic-registration/tool-metadata.differences.js';
export {
  customParameters,
  servicesOf,
  shortScope,
  TOOL_TEXTS,
  wantedOf,
} from './dynamic-registration/tool-metadata.js';
export { CLAIM, MESSAGE, type DeepLinkingSettings, type LaunchClaims } from './claims/claims.js';
export type { Score, ScoreOutcome, ScoreProblem, Scores } from './services/scores.js';
export type { ContentItem, DeepLinkingResponse, ResponseTexts } from './services/deep-linking.js';
export { LineItemError, type LineItem, type LineItems } from './services/line-items.js';
export type { Result, ResultAnswer, Results } from './services/results.js';
export type { ServiceProblem } from './transport/service-error.js';
export type { ServiceAccess } from './services/granted-services.js';
export type { ConnectionReport, ConnectionStep } from './registrations/connection-check.js';
export { launchOf, type VerifiedLaunch } from './launch/launch-gate.js';
export { nameFrom } from './claims/names.js';
export { isOwnParameter, OWN_PARAMETERS, platformWord, type OwnParameter } from './claims/own-parameters.js';
export { groupIdsIn, type CourseGroups, type GroupsSource, type PlatformGroup } from './services/groups.js';
export type { Member, Memberships, MembershipList } from './services/memberships.js';
export { RosterError } from './transport/pages.js';
export { originsOf } from './registrations/registration-addresses.js';
export { platformName, registrationStale, type Registrations } from './registrations/registrations.js';
export type { NewRegistration } from './registrations/registrations.add.js';
export type { Registration, RegistrationEdit } from './registrations/registrations.store.js';
export {
  COMMON_ROLES,
  centreRoleFrom,
  commonRole,
  isPlatformAdministrator,
  roleFrom,
  roleUri,
  shortRole,
  type RoleRule,
} from './claims/roles.js';
export type { UnknownDeployment } from './registrations/unknown-deployments.store.js';
export type { ContextCopyNotice };
export type { LaunchResult } from './launch/launch-result.js';

/** Returns the step in the LMS that registering leaves to its administrator; null if there is none. */
export const offeringStep = (registration: Registration): Platform['offering'] =>
  platformOf(registration).offering;

/** Every field that the LTI part stores encrypted under SECRET. */
export const LTI_SEALED: readonly SealedField[] = [TOOL_KEYS_SEALED, REGISTRATION_TOKENS_SEALED];

export interface LtiDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly sealer: Sealer;
  /** Origin of this tool. */
  readonly publicUrl: string;
  readonly allowPrivateNetwork: boolean;
  /** Timeout in milliseconds for an answer of an LMS's service; 15 s by default. */
  readonly lmsTimeoutMs?: number | undefined;
  /** Returns what a new registration does with launches from unknown deployments; `ask` by default. */
  readonly unknownDeployments?: () => Promise<Registration['unknownDeployments']>;
}

/** Handlers of the application that the protocol's routes call. */
export interface LtiHandlers {
  /** Runs before everything else; throws to refuse the request. */
  readonly guard: RequestHandler;
  /** Accept a launch that passed every check; `launchOf(req)` returns it. */
  readonly accept: RequestHandler[];
  /**
   * Offers a new window to a browser that stores no cookies in this frame. `uncookiedOf(req)` returns the login,
   * `platformStorageOf(req)` what the platform stores in place of a cookie.
   */
  readonly newWindow: RequestHandler;
  /** Called after the answer with every launch and every refused login. */
  readonly onLaunchResult: (result: LaunchResult) => void;
  /** Stores a notice of a course copy before the answer. May be called twice with the same one. */
  readonly onContextCopy: (notice: ContextCopyNotice) => Promise<void>;
  /** Asks the platform's storage for the login (`storageQuestionOf(req)`), or calls `next()` to refuse the launch. */
  readonly askStorage: RequestHandler;
}

/** The whole LTI protocol: no other part of the application implements any of it. */
export interface Lti {
  readonly registrations: Registrations;
  readonly scores: Scores;
  readonly memberships: Memberships;
  readonly courseGroups: CourseGroups;
  readonly results: Results;
  readonly lineItems: LineItems;
  readonly notices: Pick<NoticeSubscriptions, 'offered' | 'settled'>;
  readonly dynamicRegistration: DynamicRegistration;
  readonly registrationManagement: RegistrationManagement;
  /** Reads a platform's configuration, for an administrator who registers it by hand. */
  readonly findConfiguration: PlatformConfigurations['find'];
  readonly keys: Pick<ToolKeys, 'published' | 'rotate'>;
  /** The target of every resource link of this tool. */
  readonly launchUrl: string;
  /** Requests the platform's keys, configuration and a token, and reports the results. Changes nothing. */
  checkConnection(registration: Registration): Promise<ConnectionReport>;
  /** Returns the signed response that brings content items to the platform. */
  deepLinkingResponse(response: DeepLinkingResponse): Promise<string>;
  /** Makes the routes under `/lti`. `cookieSigning` runs before them, and no body parser does. */
  router(handlers: LtiHandlers): Router;
  /** Makes the signing key if there is none, so that the first platform does not wait for it. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

/** A posted login can be posted again in another language; a launch works once. */
const inOtherLanguages: RequestHandler = (req, _res, next) => {
  if (req.method === 'POST') {
    const fields = Object.entries((req.body ?? {}) as Record<string, unknown>).filter(
      (field): field is [string, string] => typeof field[1] === 'string',
    );
    req.page.language =
      req.path === '/login' ? { action: '/lti/login', fields: Object.fromEntries(fields) } : 'none';
  }
  next();
};

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
    scores: createScores(services, clock),
    results: createResults(services),
    lineItems: createLineItems(services, clock, launchUrl(publicUrl)),
    memberships: createMemberships(services),
    courseGroups: createCourseGroups(services),
    notices: subscriptions,
    keys: toolKeys,
    dynamicRegistration: createDynamicRegistration(registering),
    registrationManagement: createRegistrationManagement(registering),
    findConfiguration: (address) => registering.configurations.find(address),
    launchUrl: launchUrl(publicUrl),
    checkConnection: createConnectionCheck(outbound, toolKeys, clock),
    deepLinkingResponse: (response) => deepLinkingResponse(toolKeys, clock, launchUrl(publicUrl), response),
    router({ guard, accept, newWindow, askStorage, onLaunchResult, onContextCopy }) {
      const router = Router({ caseSensitive: true, strict: true });
      router.use(guard);
      router.all(
        '/login',
        traced('login', clock, onLaunchResult),
        formBody('login'),
        inOtherLanguages,
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
        formBody('launch'),
        inOtherLanguages,
        storageGate(registrations, askStorage),
        launchGate({ publicUrl, clock, sealer, registrations, usedStates, jwks, engine }),
        ...accept,
      );
      router.all('/notices', noticesBody(), noticesGate({ clock, registrations, jwks, onContextCopy }));
      router.get('/keys', engine.keys);
      router.use(() => {
        throw refuse('lti-no-such-address', 404);
      });
      /** The page of a refusal appears inside the LMS. */
      const framed: ErrorRequestHandler = async (error, req, _res, next) => {
        traceRefusal(req, error);
        req.page.frameOrigins = await framesOfRefusal(registrations, req);
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

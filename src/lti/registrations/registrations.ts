import { z } from 'zod';
import { SECOND, type Clock } from '../../shared/clock.js';
import { badInput, conflict, DomainError, notFound } from '../../shared/errors.js';
import { oneLine } from '../../shared/lines.js';
import { webOrigin } from '../../shared/origins.js';
import { isDuplicateKey } from '../../storage/index.js';
import type { Outbound } from '../transport/outbound.js';
import type { RoleRule } from '../claims/roles.js';
import { registrationAddresses } from './registration-addresses.js';
import type { RegistrationClientsStore } from './registration-clients.store.js';
import type {
  DeploymentSuccessor,
  Registration,
  RegistrationEdit,
  RegistrationRenewal,
  RegistrationsStore,
} from './registrations.store.js';
import type { UnknownDeployment, UnknownDeploymentsStore } from './unknown-deployments.store.js';

/** What an administrator gives to register a platform. */
export interface NewRegistration {
  readonly issuer: string;
  readonly clientId: string;
  readonly name?: string | undefined;
  /** `product_family_code` of the platform's configuration, where it was read. */
  readonly product?: string | undefined;
  readonly authUrl: string;
  readonly tokenUrl: string;
  readonly jwksUrl: string;
  readonly deployments: readonly string[];
  readonly frameOrigins?: readonly string[] | undefined;
  /** Granted by the platform; what was known before stays where it is not said. */
  readonly scopes?: readonly string[] | null | undefined;
  /** On the issuer's own host; '' or nothing where it is not known. */
  readonly configurationUrl?: string | null | undefined;
}

/** What a platform says of itself when it is registered anew in the place of what is there. */
export interface Renewal extends Omit<RegistrationRenewal, 'successor'> {
  /** To be listed as well, as long as there is room. */
  readonly deployment?: string | null;
}

export interface Registrations {
  /**
   * Registers a platform, or updates and reactivates the registration of this issuer and client id; known
   * deployments and frame origins stay. Contacts nobody.
   * @throws DomainError `bad-input` naming the field
   */
  add(fields: NewRegistration): Promise<Registration>;
  /**
   * The same for a platform that introduced itself; its deployments may be named later.
   * @param state `active` where an administrator expects this issuer; a unknown is `pending`, and cannot touch
   *   what is registered already
   * @throws DomainError `bad-input` naming the field; `registration-exists` (409)
   */
  introduce(fields: NewRegistration, state: 'active' | 'pending'): Promise<Registration>;
  /**
   * Writes the platform's own part of a registration anew; the administrator's part, and its state, stay.
   * @param renewal addresses as they were read from a configuration, which checks them
   * @throws DomainError `registration-client-taken` (409) where the client id is another registration's, a removed
   *   one's included, for its people hang on it; `registration-stale` (409) where it has another client id than
   *   `before`; `registration-not-found`
   */
  renew(before: Registration, renewal: Renewal): Promise<Registration>;
  /**
   * Changes what may be changed.
   * @param before the registration as the one who changes it has seen it
   * @throws DomainError `registration-stale` (409) when it is other by now; `bad-input` naming the field
   */
  edit(before: Registration, after: RegistrationEdit): Promise<Registration>;
  /**
   * Says what roles of this platform mean here, from the next launch on.
   * @param before the registration as the one who changes it has seen it
   * @throws DomainError `registration-stale` (409) when it is other by now
   */
  setRoles(before: Registration, roles: readonly RoleRule[]): Promise<Registration>;
  /** All but removed ones, oldest first. */
  list(): Promise<Registration[]>;
  /** @throws DomainError `registration-not-found`; `registration-ambiguous` when the issuer has several */
  find(issuer: string, clientId?: string): Promise<Registration>;
  /** As of two seconds ago at most. */
  findOptionalById(id: string): Promise<Registration | null>;
  /** Active registrations of an issuer; of one client id where a login names it. Two seconds old at most. */
  activeOf(issuer: string, clientId: string | undefined): Promise<Registration[]>;
  /** Notes a launch that was refused for its deployment alone: whoever sent it holds the platform's key. */
  noteUnknownDeployment(registration: Registration, deployment: string): Promise<void>;
  /** Deployments that wait for approval, newest first. */
  unknownDeployments(registration: Registration): Promise<UnknownDeployment[]>;
  /**
   * Lists a deployment that waits for approval.
   * @param unknownDeploymentId as `unknownDeployments` names it
   * @throws DomainError `not-found`; `deployments-full` (409)
   */
  approve(registration: Registration, unknownDeploymentId: string): Promise<Registration>;
  /** Lists a deployment that was taken in unseen. @returns null when it was listed already */
  takeIn(registration: Registration, deployment: string): Promise<Registration | null>;
  /** @throws DomainError `registration-not-found` */
  setState(id: string, state: 'active' | 'disabled' | 'removed'): Promise<Registration>;
  /** Whether sessions of this registration may go on; at most a few seconds behind a change elsewhere. */
  isActive(id: string): Promise<boolean>;
  /** Origins of all active platforms, for pages that belong to no launch; as fresh as `isActive`. */
  frameOrigins(): Promise<readonly string[]>;
}

/** Origins that may frame what one platform launches: its issuer, its login page, and what was added by hand. */
export function originsOf(registration: Pick<Registration, 'issuer' | 'authUrl' | 'frameOrigins'>): string[] {
  const origins = [registration.issuer, registration.authUrl, ...registration.frameOrigins].flatMap(
    (address) => webOrigin(address) ?? [],
  );
  return [...new Set(origins)];
}

/** What people call a platform: its name, or its issuer where it has none. */
export const platformName = ({ name, issuer }: Pick<Registration, 'name' | 'issuer'>): string =>
  name === '' ? issuer : name;

/** Somebody else has changed what was about to be changed. */
export const registrationStale = (): DomainError =>
  new DomainError('registration-stale', 409, { fields: { version: 'errors.field.stale' } });

const name = z.string().trim().min(1).max(255);

const MEMO_MS = 2 * SECOND;
/** As many as the form of a registration shows. */
const MOST_DEPLOYMENTS = 100;
const MAX_UNKNOWN_DEPLOYMENTS = 50;

/** Whether a launch from this deployment is taken in. */
export const isWelcome = ({ deployments, unknownDeployments }: Registration, deployment: string): boolean =>
  deployments.includes(deployment) ||
  (unknownDeployments === 'accept' && deployments.length < MOST_DEPLOYMENTS);

/** A new client id with a deployment of its own is the old tool made anew, if there was one deployment to be. */
function successorOf(
  { clientId, deployments, successor }: Registration,
  clientIdNow: string | undefined,
  deployment: string | null,
): DeploymentSuccessor | null {
  const before = successor?.of ?? [];
  const live = deployments.filter((deployment) => !before.includes(deployment));
  return clientIdNow === undefined || clientIdNow === clientId || deployment === null || live.length !== 1
    ? successor
    : { deployment, of: [...before, ...live].filter((item) => item !== deployment) };
}

export function createRegistrations(
  store: RegistrationsStore,
  unknownStore: UnknownDeploymentsStore,
  clients: Pick<RegistrationClientsStore, 'forget'>,
  outbound: Outbound,
  clock: Clock,
  unknownDeployments: () => Promise<Registration['unknownDeployments']>,
): Registrations {
  const { address, frameOrigin, configurationUrl } = registrationAddresses(outbound);
  let memo: { until: number; all: Promise<Registration[]> } | undefined;

  /** The few registrations there are, read at most every two seconds: another process may have changed them. */
  function all(): Promise<Registration[]> {
    const now = clock.now().getTime();
    if (memo === undefined || now >= memo.until || now < memo.until - MEMO_MS) {
      memo = { until: now + MEMO_MS, all: store.all() };
      memo.all.catch(() => (memo = undefined));
    }
    return memo.all;
  }

  async function findById(id: string): Promise<Registration> {
    const found = await store.findOptionalById(id);
    if (found === null || found.state === 'removed') throw new DomainError('registration-not-found', 404);
    return found;
  }

  async function save(
    fields: NewRegistration,
    stateAfter: (before: Registration | null) => Registration['state'],
  ): Promise<Registration> {
    const required = z.object({ issuer: name, clientId: name }).safeParse(fields);
    if (!required.success) {
      throw badInput({ [String(required.error.issues[0]?.path[0])]: 'errors.field.missing' });
    }
    const deployments = z.array(name).safeParse(fields.deployments);
    if (!deployments.success) throw badInput({ deployments: 'errors.field.missing' });
    const { issuer, clientId } = required.data;
    address('issuer', issuer);
    const before = await store.findOptional(issuer, clientId);
    const saved = await store.save(
      {
        issuer,
        clientId,
        name: oneLine(fields.name ?? before?.name ?? '').slice(0, 255),
        product: fields.product ?? before?.product ?? '',
        authUrl: address('authUrl', fields.authUrl),
        tokenUrl: address('tokenUrl', fields.tokenUrl),
        jwksUrl: address('jwksUrl', fields.jwksUrl),
        state: stateAfter(before),
        deployments: [...new Set([...(before?.deployments ?? []), ...deployments.data])],
        frameOrigins: [
          ...new Set([...(before?.frameOrigins ?? []), ...(fields.frameOrigins ?? []).map(frameOrigin)]),
        ],
        scopes: fields.scopes ?? before?.scopes ?? null,
        configurationUrl:
          configurationUrl(issuer, fields.configurationUrl) ?? before?.configurationUrl ?? null,
      },
      await unknownDeployments(),
    );
    memo = undefined;
    return saved;
  }

  return {
    async add(fields) {
      if (fields.deployments.length === 0) throw badInput({ deployments: 'errors.field.missing' });
      return save(fields, () => 'active');
    },
    introduce: (fields, state) =>
      save(fields, (before) => {
        if (state === 'pending' && (before?.state === 'active' || before?.state === 'disabled')) {
          throw new DomainError('registration-exists', 409);
        }
        return state;
      }),
    async renew(before, { deployment = null, ...renewal }) {
      const room = before.deployments.length < MOST_DEPLOYMENTS;
      try {
        const successor = successorOf(before, renewal.clientId, deployment);
        const saved = await store.renew(before, { ...renewal, successor }, room ? deployment : null);
        if (saved === null) {
          await findById(before.id);
          // Another has renewed it meanwhile: two halves of two answers would be no registration.
          throw registrationStale();
        }
        return saved;
      } catch (error) {
        if (isDuplicateKey(error)) throw conflict('registration-client-taken');
        throw error;
      } finally {
        memo = undefined;
      }
    },
    async edit(before, { name: given, deployments, frameOrigins, unknownDeployments }) {
      const kept = z.array(name).min(1).safeParse(deployments);
      if (!kept.success) throw badInput({ deployments: 'errors.field.missing' });
      const saved = await store.edit(before.id, before, {
        name: oneLine(given).slice(0, 255),
        deployments: [...new Set(kept.data)],
        frameOrigins: [...new Set(frameOrigins.map(frameOrigin))],
        unknownDeployments,
      });
      memo = undefined;
      if (saved === null) throw registrationStale();
      await unknownStore.forget(saved.id, saved.deployments);
      return saved;
    },
    async setRoles(before, roles) {
      const saved = await store.setRoles(before.id, before.roles, roles);
      memo = undefined;
      if (saved === null) throw registrationStale();
      return saved;
    },
    list: async () => (await store.all()).filter(({ state }) => state !== 'removed'),
    async find(issuer, clientId) {
      const found = (await store.ofIssuer(issuer)).filter(
        (item) => item.state !== 'removed' && (clientId === undefined || item.clientId === clientId),
      );
      if (found.length > 1) throw new DomainError('registration-ambiguous', 409);
      if (found[0] === undefined) throw new DomainError('registration-not-found', 404);
      return found[0];
    },
    async findOptionalById(id) {
      return (await all()).find((item) => item.id === id) ?? store.findOptionalById(id);
    },
    async activeOf(issuer, clientId) {
      const meant = (registration: Registration): boolean =>
        registration.issuer === issuer &&
        registration.state === 'active' &&
        (clientId === undefined || registration.clientId === clientId);
      const known = (await all()).filter(meant);
      // One that was registered a moment ago is found at once.
      return known.length > 0 ? known : (await store.ofIssuer(issuer)).filter(meant);
    },
    noteUnknownDeployment: ({ id }, deployment) =>
      unknownStore.note(id, deployment, clock.now(), MAX_UNKNOWN_DEPLOYMENTS),
    async unknownDeployments({ id, deployments }) {
      return (await unknownStore.list(id)).filter(({ deployment }) => !deployments.includes(deployment));
    },
    async approve(registration, unknownDeploymentId) {
      const unknown = (await unknownStore.list(registration.id)).find(
        (item) => item.id === unknownDeploymentId,
      );
      if (unknown === undefined) throw notFound();
      const { deployment } = unknown;
      const saved = await store.addDeployment(registration.id, deployment, MOST_DEPLOYMENTS);
      memo = undefined;
      const after = saved ?? (await findById(registration.id));
      if (!after.deployments.includes(deployment)) throw conflict('deployments-full');
      await unknownStore.forget(registration.id, [deployment]);
      return after;
    },
    async takeIn({ id }, deployment) {
      const saved = await store.addDeployment(id, deployment, MOST_DEPLOYMENTS);
      memo = undefined;
      if (saved !== null) await unknownStore.forget(id, [deployment]);
      return saved;
    },
    async setState(id, state) {
      const registration = await findById(id);
      await store.setState(id, state);
      memo = undefined;
      if (state === 'removed') await clients.forget(id);
      return { ...registration, state };
    },
    isActive: async (id) => (await all()).some((item) => item.id === id && item.state === 'active'),
    async frameOrigins() {
      const active = (await all()).filter(({ state }) => state === 'active');
      return [...new Set(active.flatMap(originsOf))];
    },
  };
}

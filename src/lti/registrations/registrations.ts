import { z } from 'zod';
import type { Clock } from '../../shared/clock.js';
import { badInput, conflict, DomainError } from '../../shared/errors.js';
import { cutText, oneLine } from '../../shared/lines.js';
import { isDuplicateKey } from '../../storage/index.js';
import type { Outbound } from '../transport/outbound.js';
import type { RoleRule } from '../claims/roles.js';
import { registrationAddresses } from './registration-addresses.js';
import { checkAudience, createRegistrationAdding, type RegistrationAdding } from './registrations.add.js';
import { createUnknownDeployments, MAX_DEPLOYMENTS } from './registrations.deployments.js';
import { createRegistrationReads } from './registrations.read.js';
import type { RegistrationClientsStore } from './registration-clients.store.js';
import type {
  DeploymentSuccessor,
  Registration,
  RegistrationEdit,
  RegistrationRenewal,
  RegistrationsStore,
} from './registrations.store.js';
import type { UnknownDeployment, UnknownDeploymentsStore } from './unknown-deployments.store.js';

/** What renewing a registration sets. */
export interface Renewal extends Omit<RegistrationRenewal, 'successor'> {
  /** Is added to the list unless the list is full. */
  readonly deployment?: string | null;
}

export interface Registrations extends RegistrationAdding {
  /**
   * Replaces the platform's part of a registration; the administrator's part and the state stay.
   * @param renewal addresses that were checked when the configuration was read
   * @throws DomainError `registration-client-taken` (409) if another registration has the client id, also a removed one,
   *   because its people belong to it; `registration-stale` (409) if the client id has changed since `before`;
   *   `registration-not-found`
   */
  renew(before: Registration, renewal: Renewal): Promise<Registration>;
  /**
   * Changes the administrator's part.
   * @param before the registration that the administrator saw
   * @throws DomainError `registration-stale` (409) if it has changed since; `bad-input` naming the field
   */
  edit(before: Registration, after: RegistrationEdit): Promise<Registration>;
  /**
   * Sets the mapping of roles, which is used from the next launch on.
   * @param before the registration that the administrator saw
   * @throws DomainError `registration-stale` (409) if it has changed since
   */
  setRoles(before: Registration, roles: readonly RoleRule[]): Promise<Registration>;
  /** Returns all registrations except removed ones, oldest first. */
  list(): Promise<Registration[]>;
  /** Finds a registration. @throws DomainError `registration-not-found`; `registration-ambiguous` if there are several */
  find(issuer: string, clientId?: string): Promise<Registration>;
  /** Finds a registration; the answer is up to two seconds old. */
  findOptionalById(id: string): Promise<Registration | null>;
  /** Returns the active registrations of an issuer, with this client id if it is given; up to two seconds old. */
  activeOf(issuer: string, clientId: string | undefined): Promise<Registration[]>;
  /** Does the same for registrations in any state but removed: those that wait for approval and disabled ones too. */
  knownOf(issuer: string, clientId: string | undefined): Promise<Registration[]>;
  /** Records a launch that was refused only because of its deployment, so its signature is valid. */
  noteUnknownDeployment(registration: Registration, deployment: string): Promise<void>;
  /** Returns the deployments that wait for approval, newest first. */
  unknownDeployments(registration: Registration): Promise<UnknownDeployment[]>;
  /**
   * Lists a deployment that waited for approval.
   * @param unknownDeploymentId `id` of an item of `unknownDeployments`
   * @throws DomainError `not-found`; `deployments-full` (409)
   */
  approve(registration: Registration, unknownDeploymentId: string): Promise<Registration>;
  /** Lists a deployment without approval. Returns null if it was listed already. */
  addDeployment(registration: Registration, deployment: string): Promise<Registration | null>;
  /** Sets the state. @throws DomainError `registration-not-found` */
  setState(id: string, state: 'active' | 'disabled' | 'removed'): Promise<Registration>;
  /** Returns true if sessions of this registration remain valid; up to two seconds behind a change elsewhere. */
  isActive(id: string): Promise<boolean>;
}

/** Returns the platform's name, or its issuer if it has none. */
export const platformName = ({ name, issuer }: Pick<Registration, 'name' | 'issuer'>): string =>
  name === '' ? issuer : name;

/** Returns the error for a change of a registration that another person changed meanwhile. */
export const registrationStale = (): DomainError =>
  new DomainError('registration-stale', 409, { fields: { version: 'errors.field.stale' } });

const name = z.string().trim().min(1).max(255);

/** Returns the successor: with a new client id, the new deployment continues the only live one. */
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
  clients: Pick<RegistrationClientsStore, 'remove'>,
  outbound: Outbound,
  clock: Clock,
  unknownDeployments: () => Promise<Registration['unknownDeployments']>,
): Registrations {
  const addresses = registrationAddresses(outbound);
  const reads = createRegistrationReads(store, clock);
  const { clear, findById, ...publicReads } = reads;

  return {
    ...publicReads,
    ...createRegistrationAdding({ store, addresses, clear, unknownDeployments }),
    ...createUnknownDeployments(store, unknownStore, reads, clock),
    async renew(before, { deployment = null, ...renewal }) {
      await checkAudience(store, { ...before, ...renewal });
      const isFull = before.deployments.length >= MAX_DEPLOYMENTS;
      try {
        const successor = successorOf(before, renewal.clientId, deployment);
        const saved = await store.renew(before, { ...renewal, successor }, isFull ? null : deployment);
        if (saved === null) {
          await findById(before.id);
          // Another process renewed it meanwhile: parts of two answers must not mix.
          throw registrationStale();
        }
        return saved;
      } catch (error) {
        if (isDuplicateKey(error)) throw conflict('registration-client-taken');
        throw error;
      } finally {
        clear();
      }
    },
    async edit(before, { name: given, deployments, frameOrigins, unknownDeployments, ownParameters }) {
      const kept = z.array(name).min(1).safeParse(deployments);
      if (!kept.success) throw badInput({ deployments: 'errors.field.missing' });
      const saved = await store.edit(before.id, before, {
        name: cutText(oneLine(given), 255),
        deployments: [...new Set(kept.data)],
        frameOrigins: [...new Set(frameOrigins.map(addresses.frameOrigin))],
        unknownDeployments,
        ownParameters,
      });
      clear();
      if (saved === null) throw registrationStale();
      await unknownStore.forget(saved.id, saved.deployments);
      return saved;
    },
    async setRoles(before, roles) {
      const saved = await store.setRoles(before.id, before.roles, roles);
      clear();
      if (saved === null) throw registrationStale();
      return saved;
    },
    async setState(id, state) {
      const registration = await findById(id);
      await store.setState(id, state);
      clear();
      if (state === 'removed') await clients.remove(id);
      return { ...registration, state };
    },
  };
}

import type { Clock } from '../../shared/clock.js';
import { conflict, notFound } from '../../shared/errors.js';
import type { Registrations } from './registrations.js';
import type { RegistrationReads } from './registrations.read.js';
import type { Registration, RegistrationsStore } from './registrations.store.js';
import type { UnknownDeploymentsStore } from './unknown-deployments.store.js';

/** As many as the form of a registration can show. */
export const MAX_DEPLOYMENTS = 100;

/** Returns true if launches from this deployment are accepted. */
export const acceptsDeployment = (
  { deployments, unknownDeployments }: Registration,
  deployment: string,
): boolean =>
  deployments.includes(deployment) ||
  (unknownDeployments === 'accept' && deployments.length < MAX_DEPLOYMENTS);

/** The part of `Registrations` that is about unknown deployments. */
export type UnknownDeployments = Pick<
  Registrations,
  'noteUnknownDeployment' | 'unknownDeployments' | 'approve' | 'addDeployment'
>;

const MAX_UNKNOWN_DEPLOYMENTS = 50;

export function createUnknownDeployments(
  store: RegistrationsStore,
  unknownStore: UnknownDeploymentsStore,
  reads: RegistrationReads,
  clock: Clock,
): UnknownDeployments {
  return {
    noteUnknownDeployment: ({ id }, deployment) =>
      unknownStore.note(id, deployment, clock.now(), MAX_UNKNOWN_DEPLOYMENTS),
    async unknownDeployments({ id, deployments }) {
      return (await unknownStore.list(id)).filter(({ deployment }) => !deployments.includes(deployment));
    },
    async approve(registration, unknownDeploymentId) {
      const waiting = await unknownStore.list(registration.id);
      const unknown = waiting.find(({ id }) => id === unknownDeploymentId);
      if (unknown === undefined) throw notFound();
      const { deployment } = unknown;
      const saved = await store.addDeployment(registration.id, deployment, MAX_DEPLOYMENTS);
      reads.clear();
      const after = saved ?? (await reads.findById(registration.id));
      if (!after.deployments.includes(deployment)) throw conflict('deployments-full');
      await unknownStore.forget(registration.id, [deployment]);
      return after;
    },
    async addDeployment({ id }, deployment) {
      const saved = await store.addDeployment(id, deployment, MAX_DEPLOYMENTS);
      reads.clear();
      if (saved !== null) await unknownStore.forget(id, [deployment]);
      return saved;
    },
  };
}

import type { Request, Router } from 'express';
import type { Audit, AuditActor } from '../../infra/audit/index.js';
import type { Clock } from '../../shared/clock.js';
import type { Storage } from '../../storage/index.js';
import { createAttestationsStore, type AttestationsStore } from './attestations/attestations.store.js';
import { closedDaysRouter } from './closed-days/closed-days.routes.js';
import { createClosedDaysService, type ClosedDaysService } from './closed-days/closed-days.service.js';
import { createClosedDaysStore } from './closed-days/closed-days.store.js';
import './schedule.view.js';
import { createClaims, type Claims } from './claims.service.js';
import { createIdentities, type Identities } from './identities.js';
import { createTimesStore, type TimesStore } from './times.store.js';

export {
  claimsFor,
  GRID_MS,
  holderOf,
  kindOfClaim,
  limitClaims,
  personClaims,
  placeClaims,
  seatClaims,
  waitingClaim,
  type ClaimKind,
  type Interval,
} from './claims.js';
export {
  ATTESTATIONS,
  type Attestation,
  type AttestationKind,
  type AttestationsStore,
} from './attestations/attestations.store.js';
export type { ClosedDay } from './closed-days/closed-days.store.js';
export type { ClaimRequest, Claims, Pool } from './claims.service.js';
export type { Identities, IdentitySource } from './identities.js';
export { refusedClaim, timeModel, type TimeRow, type TimesStore } from './times.store.js';

export interface ScheduleDeps {
  readonly storage: Pick<Storage, 'connection'>;
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
}

/** Time of people and places, claimed in one place, whatever it is claimed for. */
export interface ScheduleFeature {
  readonly claims: Claims;
  readonly times: TimesStore;
  readonly identities: Identities;
  readonly attestations: AttestationsStore;
  readonly closedDays: Pick<ClosedDaysService, 'list' | 'fillYear'>;
  /** `/admin/closed-days` */
  closedDaysRouter(byOf: (req: Request) => AuditActor): Router;
}

export function createSchedule({ storage, audit, clock }: ScheduleDeps): ScheduleFeature {
  const times = createTimesStore(storage.connection);
  const closedDays = createClosedDaysService({ days: createClosedDaysStore(storage.connection), audit });
  return {
    claims: createClaims(times),
    times,
    identities: createIdentities(),
    attestations: createAttestationsStore(storage.connection),
    closedDays,
    closedDaysRouter: (byOf) => closedDaysRouter(closedDays, byOf, clock),
  };
}

import type { Request, Router } from 'express';
import type { Audit, AuditActor } from '../../infra/audit/index.js';
import type { Clock } from '../../shared/clock.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { Sealer } from '../../shared/sealing.js';
import type { Storage } from '../../storage/index.js';
import { createBigBlueButton } from './bigbluebutton.js';
import { createVideoLinksStore } from './links.store.js';
import { createVideoSettingsStore } from './settings.store.js';
import { ownVideoRouter, videoSettingsRouter } from './video.routes.js';
import { createVideoService, type VideoService } from './video.service.js';

export { VIDEO_SEALED } from './settings.store.js';
export type { Call, CallFor } from './video.service.js';

export interface VideoDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly audit: Pick<Audit, 'append'>;
}

/** Video calls: teachers' own links, Jitsi, BigBlueButton. Features say who joins which call, and when. */
export interface VideoFeature {
  readonly calls: Pick<VideoService, 'join' | 'end' | 'recordings' | 'ways'>;
  /** `/c/:courseKey/video` */
  readonly router: Router;
  /** `/admin/video`. @param byOf who acts, for the audit log */
  adminRouter(byOf: (req: Request) => AuditActor): Router;
  readonly personalData: PersonalData;
}

export function createVideo({ storage, clock, sealer, audit }: VideoDeps): VideoFeature {
  const links = createVideoLinksStore(storage.connection);
  const settings = createVideoSettingsStore(storage.connection, sealer);
  const service = createVideoService({ settings, links, bbb: createBigBlueButton(), audit, clock });
  return {
    calls: service,
    router: ownVideoRouter(service),
    adminRouter: (byOf) => videoSettingsRouter(service, byOf),
    personalData: links.personalData,
  };
}

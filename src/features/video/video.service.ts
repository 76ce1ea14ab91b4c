import type { Audit, AuditActor } from '../../infra/audit/index.js';
import type { Clock } from '../../shared/clock.js';
import { conflict, DomainError } from '../../shared/errors.js';
import { fullName, type PersonName } from '../../shared/names.js';
import { BbbError, type BbbServer, type BigBlueButton } from './bigbluebutton.js';
import type { Recording } from './recordings.js';
import { jitsiUrl } from './jitsi.js';
import type { OwnLink, VideoLinksStore } from './links.store.js';
import type { VideoSettings, VideoSettingsStore } from './settings.store.js';

/** How a call is made. `link`: an address that the occasion has; `own`: the teacher's own. */
export type VideoWay = 'link' | 'own' | 'jitsi' | 'bbb';

/** A call of one occasion, for one person. */
export interface CallFor {
  readonly way: VideoWay;
  /** What the call is for: letters, digits, dashes. */
  readonly occasion: string;
  readonly title: string;
  /** Address of the way `link`. */
  readonly link: string;
  /** Person id of the teacher. */
  readonly teacherId: string;
  readonly person: { readonly id: string; readonly name: PersonName; readonly moderator: boolean };
}

export interface Call {
  readonly url: string;
  /** What the service asks for besides; may be empty. */
  readonly password: string;
}

export interface VideoService {
  /**
   * Prepares a call and returns where one person joins it; a BigBlueButton meeting is made if need be.
   * @throws DomainError 409 `video-missing` where nothing is set up; `video-failed` (502) if the server refuses
   */
  join(call: CallFor): Promise<Call>;
  /** Ends the call for everyone, where the way knows an end. @throws DomainError `video-failed` (502) */
  end(call: Pick<CallFor, 'way' | 'occasion'>): Promise<void>;
  /** What was recorded of a call, where the way knows recordings. @throws DomainError `video-failed` (502) */
  recordings(call: Pick<CallFor, 'way' | 'occasion'>): Promise<Recording[]>;
  /** Ways that can be used: those whose servers are set up. */
  ways(): Promise<VideoWay[]>;
  findOwn(personId: string): Promise<OwnLink>;
  saveOwn(personId: string, link: OwnLink): Promise<void>;
  find(): Promise<{ settings: VideoSettings; version: number }>;
  /** @throws DomainError `settings-stale` (409) */
  save(by: AuditActor, version: number, settings: VideoSettings): Promise<void>;
  /** Asks the BigBlueButton server for its meetings. Returns '' if it answers, else why not, in its words. */
  check(): Promise<string>;
}

export interface VideoServiceDeps {
  readonly settings: VideoSettingsStore;
  readonly links: VideoLinksStore;
  readonly bbb: BigBlueButton;
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
}

const failed = (error: BbbError): DomainError =>
  new DomainError(
    'video-failed',
    502,
    { params: { reason: error.reason }, retryAfter: 10 },
    { cause: error },
  );

const bbbOf = ({ bbbUrl, bbbSecret }: VideoSettings): BbbServer | null =>
  bbbUrl === '' || bbbSecret === '' ? null : { url: bbbUrl, secret: bbbSecret };

export function createVideoService(deps: VideoServiceDeps): VideoService {
  const { settings, links, bbb, audit, clock } = deps;

  async function joinBbb({ occasion, title, person }: CallFor): Promise<string> {
    const server = bbbOf((await settings.find()).settings);
    if (server === null) throw conflict('video-missing');
    const meetingId = await links.roomOf(occasion);
    try {
      await bbb.create(server, { meetingId, name: title });
    } catch (error) {
      throw error instanceof BbbError ? failed(error) : error;
    }
    const { id: userId, name, moderator } = person;
    return bbb.joinUrl(server, { meetingId }, { fullName: fullName(name) || '—', userId, moderator });
  }

  async function joinJitsi({ occasion, person }: CallFor): Promise<string> {
    const { jitsiUrl: url, jitsiAppId: appId, jitsiSecret: secret } = (await settings.find()).settings;
    if (url === '') throw conflict('video-missing');
    const { id, name, moderator } = person;
    const who = { id, name: fullName(name), moderator };
    return jitsiUrl({ url, appId, secret }, await links.roomOf(occasion), who, clock.now());
  }

  return {
    async join(call) {
      switch (call.way) {
        case 'bbb':
          return { url: await joinBbb(call), password: '' };
        case 'jitsi':
          return { url: await joinJitsi(call), password: '' };
        case 'own': {
          const own = await links.findOwn(call.teacherId);
          if (own.url === '') throw conflict('video-missing');
          return own;
        }
        case 'link':
          if (call.link === '') throw conflict('video-missing');
          return { url: call.link, password: '' };
      }
    },

    async end({ way, occasion }) {
      const server = way === 'bbb' ? bbbOf((await settings.find()).settings) : null;
      if (server === null) return;
      try {
        await bbb.end(server, await links.roomOf(occasion));
      } catch (error) {
        throw error instanceof BbbError ? failed(error) : error;
      }
    },

    async recordings({ way, occasion }) {
      const server = way === 'bbb' ? bbbOf((await settings.find()).settings) : null;
      if (server === null) return [];
      try {
        return await bbb.recordings(server, await links.roomOf(occasion));
      } catch (error) {
        throw error instanceof BbbError ? failed(error) : error;
      }
    },

    async ways() {
      const { settings: now } = await settings.find();
      return [
        'link',
        'own',
        ...(now.jitsiUrl === '' ? [] : ['jitsi' as const]),
        ...(bbbOf(now) === null ? [] : ['bbb' as const]),
      ];
    },

    findOwn: (personId) => links.findOwn(personId),
    saveOwn: (personId, link) => links.saveOwn(personId, link),
    find: () => settings.find(),

    async save(by, version, after) {
      if (!(await settings.save(version, after))) {
        throw new DomainError('settings-stale', 409, { fields: { version: 'errors.field.settingsStale' } });
      }
      const { jitsiUrl: jitsi, jitsiAppId: appId, bbbUrl } = after;
      await audit.append({
        actor: by,
        action: 'video-changed',
        subject: { kind: 'centre', id: '', name: '' },
        after: { jitsi, appId, bbb: bbbUrl },
      });
    },

    async check() {
      const server = bbbOf((await settings.find()).settings);
      if (server === null) return 'none';
      try {
        await bbb.check(server);
        return '';
      } catch (error) {
        if (error instanceof BbbError) return error.reason;
        throw error;
      }
    },
  };
}

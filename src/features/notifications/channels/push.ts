import { cutText } from '../../../shared/lines.js';
import { createHash } from 'node:crypto';
import type * as Undici from 'undici';
import type * as WebPush from 'web-push';
import { DAY, SECOND } from '../../../shared/clock.js';
import { lazyPackage } from '../../../shared/lazy-package.js';
import type { AddressesStore, ChannelAddress } from './addresses.store.js';
import { ChannelError } from './channel-error.js';
import type { ChannelSettingsStore } from './settings.store.js';

const undici = lazyPackage<typeof Undici>('undici');
const webpush = lazyPackage<typeof WebPush>('web-push');

/** Push services of browsers; an address elsewhere could be inside our network. */
const SERVICES =
  /^https:\/\/(fcm\.googleapis\.com|[\w.-]+\.push\.services\.mozilla\.com|[\w.-]+\.notify\.windows\.com|web\.push\.apple\.com)\//;

export interface PushMessage {
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly url: string;
}

/** Web push (RFC 8030, 8291, 8292). */
export interface PushSender {
  /** The key that a browser subscribes with; made at the first call. */
  publicKey(): Promise<string>;
  /** Whether an address is a push service's. */
  accepts(endpoint: string): boolean;
  /** Sends to all browsers of a person; those that are gone are forgotten. @throws ChannelError if none took it */
  send(addresses: readonly ChannelAddress[], message: PushMessage): Promise<void>;
}

export interface PushDeps {
  readonly settings: ChannelSettingsStore;
  readonly addresses: Pick<AddressesStore, 'unlink'>;
  readonly publicUrl: string;
  /** Tests and development: a push service on this machine. */
  readonly allowPrivateNetwork: boolean;
}

export function createPushSender({
  settings,
  addresses,
  publicUrl,
  allowPrivateNetwork,
}: PushDeps): PushSender {
  async function keys(): Promise<{ publicKey: string; privateKey: string }> {
    const { config, version } = await settings.find('push');
    const { publicKey = '', privateKey = '' } = config;
    if (publicKey !== '' && privateKey !== '') return { publicKey, privateKey };
    const made = webpush().generateVAPIDKeys();
    const saved = await settings.save('push', version, {
      enabled: true,
      content: 'full',
      values: { publicKey: made.publicKey },
      secrets: { privateKey: made.privateKey },
    });
    return saved ? made : keys();
  }

  const accepts = (endpoint: string): boolean =>
    SERVICES.test(endpoint) ||
    (allowPrivateNetwork && /^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(endpoint));

  async function sendTo(address: ChannelAddress, message: PushMessage): Promise<number> {
    const details = webpush().generateRequestDetails(
      { endpoint: address.address, keys: { p256dh: address.p256dh, auth: address.auth } },
      JSON.stringify({ title: message.title, text: cutText(message.text, 1_000), url: message.url }),
      {
        TTL: DAY / SECOND,
        topic: createHash('sha256').update(message.key).digest('base64url').slice(0, 32),
        vapidDetails: {
          subject: publicUrl.startsWith('https:') ? publicUrl : 'mailto:nastavnik@localhost',
          ...(await keys()),
        },
      },
    );
    const response = await undici().request(details.endpoint, {
      method: 'POST',
      headers: details.headers as Record<string, string>,
      body: details.body,
      signal: AbortSignal.timeout(10 * SECOND),
    });
    await response.body.dump();
    return response.statusCode;
  }

  return {
    publicKey: async () => (await keys()).publicKey,
    accepts,
    async send(all, message) {
      const browsers = all.filter(({ channel, address }) => channel === 'push' && accepts(address));
      let failure: ChannelError | null = null;
      for (const browser of browsers) {
        const status = await sendTo(browser, message).catch(() => 0);
        if (status === 404 || status === 410)
          await addresses.unlink(browser.personId, 'push', browser.address);
        else if (status < 200 || status >= 300)
          failure = new ChannelError(`the push service answered ${status}`, {
            retryable: status === 0 || status === 429 || status >= 500,
          });
      }
      if (failure !== null && browsers.length === 1) throw failure;
    },
  };
}

import type { Storage } from '../../storage/index.js';
import { createReturnAddresses, type ReturnAddresses } from './bounces.js';
import { composeMail, type MailDraft, type MailMessage } from './message.js';
import { createOutboxStore, type OutboxStore } from './outbox.store.js';
import type { MailAddress, MailSettings } from './settings.js';
import { createSmtpTransport, type MailTransport } from './smtp.js';

/** Mail of the tool. A feature composes a message; a job delivers it. */
export interface Mail {
  /** `off`: there is no SMTP server, and nothing can be delivered. */
  readonly mode: 'smtp' | 'outbox' | 'off';
  /** Who sends; null while mail is off. */
  readonly from: MailAddress | null;
  /** @throws RangeError when the recipient's address is none that mail can be sent to */
  compose(draft: MailDraft): Promise<MailMessage>;
  /**
   * Hands a message to the mail server, or puts it into the outbox. At least once: killed before the answer is
   * noted, the caller delivers it again under the same Message-ID. Does nothing when mail is off.
   * @throws MailError
   */
  deliver(message: MailMessage): Promise<void>;
  /** Null where what cannot be delivered comes back to nobody. */
  readonly returnAddresses: ReturnAddresses | null;
  /** Null unless the mode is `outbox`. */
  readonly outbox: OutboxStore | null;
  /** Closes the connections to the mail server. */
  close(): void;
}

export interface MailDeps {
  readonly storage: Storage;
  readonly publicUrl: string;
  readonly settings: MailSettings | null;
  /** Signs return addresses. */
  readonly key: Buffer;
  /** What the centre is called, for the line under each message. */
  readonly sender: (locale: MailMessage['locale']) => Promise<string>;
}

export function createMail({ storage, publicUrl, settings, key, sender }: MailDeps): Mail {
  const { hostname } = new URL(publicUrl);
  const outbox = settings?.kind === 'outbox' ? createOutboxStore(storage.connection) : null;
  const returnAddresses =
    settings?.kind === 'smtp' && settings.bounces !== ''
      ? createReturnAddresses(settings.bounces, key)
      : null;
  const transport = transportOf(settings, outbox, returnAddresses);
  return {
    mode: settings?.kind ?? 'off',
    from: settings?.from ?? null,
    returnAddresses,
    outbox,
    compose: async (draft) => composeMail(draft, hostname, await sender(draft.recipient.locale)),
    deliver: async (message) => transport?.send(message),
    close: () => transport?.close(),
  };
}

function transportOf(
  settings: MailSettings | null,
  outbox: OutboxStore | null,
  returnAddresses: ReturnAddresses | null,
): MailTransport | null {
  if (settings?.kind === 'smtp') return createSmtpTransport(settings, returnAddresses);
  return outbox && { send: (message) => outbox.put(message), close: () => undefined };
}

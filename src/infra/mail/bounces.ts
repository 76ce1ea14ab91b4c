import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Names a recipient within a return address: letters and digits, for servers on the way may fold case. Chosen by the
 * feature that sends.
 */
const RETURN_KEY = /^[a-z0-9]{1,32}$/;
const SIGNATURE = 16;

/** What a delivery status notification says of one of our messages. https://www.rfc-editor.org/rfc/rfc3464 */
export interface Bounce {
  readonly returnKey: string;
  /** Whether the message was given up. */
  readonly failed: boolean;
  /** RFC 3463, such as `5.1.1`; '' where the server tells none. */
  readonly status: string;
  /** In the server's own words, without addresses. */
  readonly words: string;
}

/** Return addresses of messages, each signed: `bounces+<key>-<signature>@tool.example.org`. */
export interface ReturnAddresses {
  addressOf(returnKey: string): string;
  /** Reads a message that came to a return address. Null for what is none, or whose signature is not ours. */
  read(message: string): Bounce | null;
}

/** @param base an address whose mailbox takes `+` and more after its name (RFC 5233) */
export function createReturnAddresses(base: string, key: Buffer): ReturnAddresses {
  const at = base.lastIndexOf('@');
  const [local, domain] = [base.slice(0, at), base.slice(at + 1)];
  const signature = (returnKey: string): string =>
    createHmac('sha256', key).update(returnKey).digest('hex').slice(0, SIGNATURE);
  const address = new RegExp(
    `${escaped(local)}\\+([a-z0-9]{1,32})-([0-9a-f]{${SIGNATURE}})@${escaped(domain)}`,
    'gi',
  );

  return {
    addressOf(returnKey) {
      if (!RETURN_KEY.test(returnKey)) throw new RangeError('a return key is letters and digits');
      return `${local}+${returnKey}-${signature(returnKey)}@${domain}`;
    },
    read(message) {
      const [headers = ''] = message.split(/\r?\n\r?\n/, 1);
      for (const [, found = '', signed = ''] of headers.matchAll(address)) {
        const returnKey = found.toLowerCase();
        if (!timingSafeEqual(Buffer.from(signed.toLowerCase()), Buffer.from(signature(returnKey)))) continue;
        return { returnKey, ...statusIn(message) };
      }
      return null;
    },
  };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The fields of the part `message/delivery-status`. A message without it says nothing of the delivery. */
function statusIn(message: string): Omit<Bounce, 'returnKey'> {
  const at = message.search(/^content-type:\s*message\/delivery-status/im);
  const report = at < 0 ? '' : message.slice(at).replace(/\r?\n[ \t]+/g, ' ');
  const field = (name: string): string =>
    new RegExp(`^${name}:\\s*(?:[\\w-]+;)?\\s*(.*)$`, 'im').exec(report)?.[1]?.trim() ?? '';
  return {
    failed: field('Action').toLowerCase() === 'failed',
    status: /^\d\.\d{1,3}\.\d{1,3}/.exec(field('Status'))?.[0] ?? '',
    words: field('Diagnostic-Code')
      .replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g, '…')
      .slice(0, 300),
  };
}

/** Whether the mailbox is gone for good: no such mailbox or domain, or one that is closed (RFC 3463, 3.2 and 3.5). */
export const isGone = ({ failed, status }: Pick<Bounce, 'failed' | 'status'>): boolean =>
  failed && /^5\.(1\.(1|2|3|6|10)|2\.1|4\.4)$/.test(status);

import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** How messages leave the tool. `outbox`: they are kept in the database and shown on a page, for development. */
export type MailSettings = SmtpSettings | { readonly kind: 'outbox'; readonly from: MailAddress };

export interface SmtpSettings {
  readonly kind: 'smtp';
  readonly host: string;
  readonly port: number;
  /**
   * `tls`: from the first byte (smtps:). `starttls`: nothing is sent before STARTTLS succeeded. `when-offered`:
   * STARTTLS where the server has it. `none`: never.
   */
  readonly encryption: 'tls' | 'starttls' | 'when-offered' | 'none';
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly from: MailAddress;
  /** Where messages that cannot be delivered come back to; ''. */
  readonly bounces: string;
  /** Signs messages (RFC 6376); null: the server does it, or nobody. */
  readonly dkim: DkimSettings | null;
}

/** https://www.rfc-editor.org/rfc/rfc6376 */
export interface DkimSettings {
  readonly domain: string;
  readonly selector: string;
  /** PEM. */
  readonly privateKey: string;
}

export interface MailAddress {
  /** '' where only the address is known. */
  readonly name: string;
  readonly address: string;
}

const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

// RFC 5321, 4.1.2 without quoted local parts and address literals. Letters of any script: RFC 6531.
const ADDRESS =
  /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*@[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)*$/u;

/** Returns whether mail can be sent to the text as it is: one address, without a name, spaces or line ends. */
export const isMailAddress = (text: string): boolean => text.length <= 254 && ADDRESS.test(text);

/**
 * Reads `SMTP_URL` and `MAIL_FROM`.
 * @param url `smtp://user:password@host:587`, `smtps://…:465`, or `outbox:`; `?tls=none` or `?tls=require`
 * @param from `tool@example.org` or `Name <tool@example.org>`
 * @throws Error whose message says in one line which of the two is wrong and how; it never holds the password
 */
export function readMailSettings(
  url: string,
  from: string | undefined,
  more: MoreMailSettings = {},
): MailSettings {
  if (url === 'outbox:') return { kind: 'outbox', from: readFrom(from ?? 'nastavnik@localhost') };
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^smtps?:$/.test(parsed.protocol) || parsed.hostname === '') {
    throw new Error('SMTP_URL: must be like smtp://user:password@host:587 or smtps://user:password@host');
  }
  if ((parsed.pathname !== '' && parsed.pathname !== '/') || parsed.hash !== '') {
    throw new Error('SMTP_URL: must have no path');
  }
  if (from === undefined) throw new Error('MAIL_FROM: is needed with SMTP_URL');
  const secure = parsed.protocol === 'smtps:';
  return {
    kind: 'smtp',
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? (secure ? 465 : 587) : Number(parsed.port),
    encryption: secure ? 'tls' : encryptionOf(parsed),
    login: parsed.username === '' ? null : loginOf(parsed),
    from: readFrom(from),
    bounces: readBounces(more.bounces),
    dkim: readDkim(more, readFrom(from)),
  };
}

/** What may be set beside `SMTP_URL` and `MAIL_FROM`. */
export interface MoreMailSettings {
  /** `MAIL_BOUNCES` */
  readonly bounces?: string | undefined;
  /** `DKIM_SELECTOR` */
  readonly dkimSelector?: string | undefined;
  /** `DKIM_KEY`, a private key as PEM, or the path of a file with it. */
  readonly dkimKey?: string | undefined;
}

function readBounces(address = ''): string {
  if (address !== '' && !isMailAddress(address)) throw new Error('MAIL_BOUNCES: must be an address');
  return address;
}

function readDkim(
  { dkimSelector, dkimKey }: MoreMailSettings,
  { address }: MailAddress,
): DkimSettings | null {
  if (dkimSelector === undefined && dkimKey === undefined) return null;
  if (dkimSelector === undefined || !/^[\w.-]{1,63}$/.test(dkimSelector))
    throw new Error('DKIM_SELECTOR: must be the name of the key in DNS, such as nastavnik');
  const privateKey = readKey(dkimKey ?? '');
  // Receivers trust a signature of the sender's own domain (RFC 7489, 3.1.1).
  return { domain: address.slice(address.lastIndexOf('@') + 1), selector: dkimSelector, privateKey };
}

function readKey(text: string): string {
  try {
    const pem = text.includes('-----BEGIN') ? text.replaceAll('\\n', '\n') : readFileSync(text, 'utf8');
    createPrivateKey(pem);
    return pem;
  } catch {
    throw new Error('DKIM_KEY: must be a private key as PEM, or the path of a file with it');
  }
}

function encryptionOf({ searchParams, username, hostname }: URL): 'starttls' | 'when-offered' | 'none' {
  const tls = searchParams.get('tls');
  const unknown = [...searchParams.keys()].find((name) => name !== 'tls');
  if (unknown !== undefined || (tls !== null && tls !== 'none' && tls !== 'require')) {
    throw new Error('SMTP_URL: may be followed by ?tls=none or ?tls=require alone');
  }
  if (tls === 'none') return 'none';
  // A password must not travel in the clear because an intermediary removed the offer of STARTTLS.
  return tls === 'require' || (username !== '' && !LOCAL_HOSTS.has(hostname)) ? 'starttls' : 'when-offered';
}

function loginOf({ username, password }: URL): SmtpSettings['login'] {
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    throw new Error('SMTP_URL: a % in the user or the password must be written as %25');
  }
}

function readFrom(from: string): MailAddress {
  const [, name = '', bracketed] = /^([^<>\r\n]*)<([^<>]*)>$/.exec(from.trim()) ?? [];
  const address = bracketed ?? from.trim();
  if (!isMailAddress(address)) {
    throw new Error('MAIL_FROM: must be an address, alone or as Name <tool@example.org>');
  }
  return { name: name.trim().replace(/^"(.*)"$/, '$1'), address };
}

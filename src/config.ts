import { existsSync } from 'node:fs';
import { z } from 'zod';
import { readFileSettings, type FileSettings } from './infra/files/settings.js';
import { readMailSettings, type MailSettings } from './infra/mail/settings.js';
import { SECOND } from './shared/clock.js';
import { pathOf } from './storage/embedded/file.js';

/** Everything an operator can set, checked once at start. The only reader of the environment. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Origin under which browsers and platforms reach the tool; no path. */
  readonly publicUrl: string;
  readonly databaseUrl: string;
  /** As given; `loadSecret` makes one where it may. */
  readonly secret: string | undefined;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Express's `trust proxy`: false, a number of hops, or addresses. */
  readonly trustProxy: false | number | string;
  /** Platforms may have `http:` addresses and private or loopback hosts. */
  readonly allowPrivateNetwork: boolean;
  /** How long an LMS's service may take to answer, in milliseconds. */
  readonly lmsTimeoutMs: number;
  /** Warn in the log of queries that read much without an index; for development. */
  readonly warnOfScans: boolean;
  /** Slow down who asks too much; off where a proxy in front does it. */
  readonly rateLimits: boolean;
  /** A course's roster is read again after a launch when it is older than this; 0: only by the button. */
  readonly rosterHours: number;
  /** A file that says how far a demo's clock is ahead; null: real time. */
  readonly demoClock: string | null;
  /** How messages leave the tool; null: mail is off. */
  readonly mail: MailSettings | null;
  /** Where the bytes of uploaded files are. */
  readonly files: FileSettings;
  readonly production: boolean;
}

/** A wrong value; the message is one line that names the variable and what is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

const flag = z.enum(['0', '1'], 'must be 0 or 1').transform((value) => value === '1');

const trustProxy = z.string().transform((value, context): Config['trustProxy'] => {
  if (value === '0' || value === 'false') return false;
  if (/^\d{1,2}$/.test(value)) return Number(value);
  if (/^[0-9a-f.:/,\s]+$|^(loopback|linklocal|uniquelocal)$/i.test(value)) return value;
  context.addIssue({ code: 'custom', message: 'must be 0, a number of proxies, or their addresses' });
  return z.NEVER;
});

const origin = z.string().transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    context.addIssue({ code: 'custom', message: 'must be an address such as https://tool.example.org' });
    return z.NEVER;
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    context.addIssue({ code: 'custom', message: 'must be an origin alone, without path or query' });
    return z.NEVER;
  }
  return url.origin;
});

const environment = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number')
    .transform(Number)
    .pipe(z.number().min(1, 'must be at least 1').max(65_535, 'must be at most 65535')),
  HOST: z.string().min(1, 'must not be empty'),
  PUBLIC_URL: origin.optional(),
  DATABASE_URL: z
    .string()
    .regex(/^(file:|mongodb:\/\/|mongodb\+srv:\/\/)./, 'must start with file:, mongodb:// or mongodb+srv://'),
  SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  LOG_LEVEL: z.enum(
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    'must be one of fatal, error, warn, info, debug, trace, silent',
  ),
  TRUST_PROXY: trustProxy,
  ALLOW_PRIVATE_NETWORK: flag,
  LMS_TIMEOUT: z
    .string()
    .regex(/^\d{1,2}$/, 'must be a number of seconds')
    .transform(Number)
    // A grade's lease outlasts two tokens and two tries.
    .pipe(z.number().min(1, 'must be at least 1').max(15, 'must be at most 15')),
  RATE_LIMITS: flag,
  WARN_OF_SCANS: flag,
  ROSTER_HOURS: z
    .string()
    .regex(/^\d{1,3}$/, 'must be a number of hours, 0 to 999')
    .transform(Number),
  SMTP_URL: z.string().optional(),
  DEMO_CLOCK: z.string().optional(),
  MAIL_FROM: z.string().optional(),
  MAIL_BOUNCES: z.string().optional(),
  DKIM_SELECTOR: z.string().optional(),
  DKIM_KEY: z.string().optional(),
  FILES_URL: z.string().optional(),
  FILES_S3_KEY: z.string().optional(),
  FILES_S3_SECRET: z.string().optional(),
  FILES_S3_REGION: z.string().optional(),
  NODE_ENV: z.string(),
});

/** Inside a container the loopback address reaches nobody. Docker and Podman leave these marks. */
const inContainer = (): boolean => existsSync('/.dockerenv') || existsSync('/run/.containerenv');

/**
 * Reads and checks the configuration.
 * @param env variables as in `process.env`; empty ones count as unset
 * @throws ConfigError naming the first wrong variable
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse({
    PORT: '3000',
    HOST: inContainer() ? '0.0.0.0' : '127.0.0.1',
    DATABASE_URL: 'file:./data/nastavnik.db',
    LOG_LEVEL: 'info',
    TRUST_PROXY: '0',
    ALLOW_PRIVATE_NETWORK: '0',
    LMS_TIMEOUT: '15',
    RATE_LIMITS: '1',
    WARN_OF_SCANS: '0',
    ROSTER_HOURS: '6',
    NODE_ENV: 'development',
    ...set,
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`${String(issue?.path[0])}: ${issue?.message ?? 'is wrong'}`);
  }
  const values = parsed.data;
  const config: Config = {
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.PUBLIC_URL ?? `http://localhost:${values.PORT}`,
    databaseUrl: values.DATABASE_URL,
    secret: values.SECRET,
    logLevel: values.LOG_LEVEL,
    trustProxy: values.TRUST_PROXY,
    allowPrivateNetwork: values.ALLOW_PRIVATE_NETWORK,
    lmsTimeoutMs: values.LMS_TIMEOUT * SECOND,
    warnOfScans: values.WARN_OF_SCANS,
    rateLimits: values.RATE_LIMITS,
    rosterHours: values.ROSTER_HOURS,
    mail: null,
    demoClock: null,
    files: named(() => readFileSettings(values, databaseFile(values.DATABASE_URL))),
    production: values.NODE_ENV === 'production',
  };
  const publicUrl = new URL(config.publicUrl);
  if (publicUrl.protocol === 'http:' && !LOCAL_HOSTS.has(publicUrl.hostname) && !config.allowPrivateNetwork) {
    // Browsers keep the tool's cookies over https or on localhost only, and platforms refuse plain http.
    throw new ConfigError('PUBLIC_URL: must begin with https:// unless its host is localhost');
  }
  const { SMTP_URL, MAIL_FROM } = values;
  if (SMTP_URL === undefined) return config;
  const more = {
    bounces: values.MAIL_BOUNCES,
    dkimSelector: values.DKIM_SELECTOR,
    dkimKey: values.DKIM_KEY,
  };
  const mail = named(() => readMailSettings(SMTP_URL, MAIL_FROM, more));
  // Its page shows every message to everybody.
  if (mail.kind === 'outbox' && (config.production || !LOCAL_HOSTS.has(publicUrl.hostname))) {
    throw new ConfigError('SMTP_URL: outbox: is for development on this machine alone');
  }
  // Whose messages are sent to nobody may have a time of its own.
  if (mail.kind === 'outbox') return { ...config, mail, demoClock: values.DEMO_CLOCK ?? null };
  return { ...config, mail };
}

/** What a reader of settings finds wrong names its variable already. @throws ConfigError */
function named<Settings>(read: () => Settings): Settings {
  try {
    return read();
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

/** The path of an embedded database; null for MongoDB, `:memory:` in memory, and what cannot be opened anyway. */
function databaseFile(url: string): string | null {
  if (!url.startsWith('file:')) return null;
  try {
    return pathOf(url);
  } catch {
    return null;
  }
}

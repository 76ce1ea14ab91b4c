/** Where the bytes of files are. `temporary`: in a folder that goes with the process, as a database in memory does. */
export type FileSettings = DiskSettings | S3Settings | { readonly kind: 'temporary' };

export interface DiskSettings {
  readonly kind: 'disk';
  readonly folder: string;
  /** Named by the operator, so that several machines may share it. */
  readonly chosen: boolean;
}

export interface S3Settings {
  readonly kind: 's3';
  /** With the bucket: `https://storage.example.org/bucket`. */
  readonly endpoint: string;
  readonly region: string;
  readonly key: string;
  readonly secret: string;
}

export interface FileVariables {
  readonly FILES_URL?: string | undefined;
  readonly FILES_S3_KEY?: string | undefined;
  readonly FILES_S3_SECRET?: string | undefined;
  readonly FILES_S3_REGION?: string | undefined;
}

/** Where files are when nothing is said and there is no embedded database to be beside of. */
const FOLDER = './data/files';

/**
 * Reads `FILES_URL`: `file:./folder`, or an S3 bucket as `https://storage.example.org/bucket`. By default a folder
 * beside the embedded database, of its own for each database: two that shared one would delete each other's files.
 * @param database path of the embedded database, `:memory:`, or null
 * @throws Error whose message is one line that names the variable; it never holds the secret
 */
export function readFileSettings(variables: FileVariables, database: string | null): FileSettings {
  const { FILES_URL: url, FILES_S3_REGION: region = 'us-east-1' } = variables;
  if (url === undefined) {
    if (database === ':memory:') return { kind: 'temporary' };
    return { kind: 'disk', folder: database === null ? FOLDER : `${database}.files`, chosen: false };
  }
  if (/^file:./.test(url)) {
    const folder = url.slice('file:'.length).replace(/^\/\/(?=\/)/, '');
    return { kind: 'disk', folder, chosen: true };
  }
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new Error('FILES_URL: must be like file:./data/files or https://storage.example.org/bucket');
  }
  if (!/^\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/?$/.test(parsed.pathname)) {
    throw new Error('FILES_URL: must end with the name of the bucket, of at least 3 characters');
  }
  if (parsed.search !== '' || parsed.hash !== '' || parsed.username !== '') {
    throw new Error('FILES_URL: the key and the secret are set by FILES_S3_KEY and FILES_S3_SECRET');
  }
  const { FILES_S3_KEY: key, FILES_S3_SECRET: secret } = variables;
  if (key === undefined || secret === undefined) {
    throw new Error('FILES_URL: an S3 bucket needs FILES_S3_KEY and FILES_S3_SECRET');
  }
  return { kind: 's3', endpoint: parsed.href.replace(/\/$/, ''), region, key, secret };
}

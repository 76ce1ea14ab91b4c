/**
 * How processes of this project are started from its TypeScript files. By tsx, which compiles and takes a second
 * or two; or, where `buildScripts` was called before, from its output.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');

/** Tells child processes where the output is. */
const VARIABLE = 'NASTAVNIK_BUILT';

/** What `spawn` and `fork` need to run a file. */
export interface Entry {
  readonly execArgv: string[];
  readonly file: string;
}

/** @param file a `.ts` file of this project, absolute or relative to its root */
export function entryOf(file: string): Entry {
  const built = process.env[VARIABLE];
  const relative = path.relative(root, path.resolve(root, file));
  if (built === undefined) return { execArgv: ['--import', 'tsx'], file: path.join(root, relative) };
  return { execArgv: [], file: path.join(built, relative.replace(/\.ts$/, '.js')) };
}

/** The arguments of `spawn(process.execPath, …)` for a file and its own arguments. */
export function nodeArgs(file: string, ...args: string[]): string[] {
  const { execArgv, file: entry } = entryOf(file);
  return [...execArgv, entry, ...args];
}

const CODE = ['src', 'scripts', 'test'];
/** Read by the code, by paths relative to itself. */
const BESIDE = ['package.json', 'public', 'views', 'docs', 'lti-config', 'README.md', 'README.ru.md'];
/** Files that are started as processes or threads. */
const ENTRY = /^(scripts\/[\w-]+|scripts\/wire\/run|src\/main|.*[/-]main|test\/.*-process)\.ts$/;
/** Packages of many small modules: to find and link those takes longer than to run them. */
const MANY_MODULES =
  /^(zod|jose|libphonenumber-js|read-excel-file|write-excel-file|csv-parse|csv-stringify)(\/|$)/;
const OLD_MS = 3_600_000;

/**
 * Bundles every file that is started as a process, without checking types, into a folder under
 * `node_modules/.cache` that is named by what it was built from. Processes are started from there from now on.
 */
export async function buildScripts(): Promise<void> {
  const folder = path.join(root, 'node_modules/.cache/built');
  const files = CODE.flatMap((name) =>
    readdirSync(path.join(root, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name))),
  );
  const target = path.join(folder, keyOf([...files, 'package-lock.json']));
  if (!existsSync(target)) {
    const draft = `${target}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    // By the file system's clock: this process may have been given another one (faketime).
    removeOlder(folder, statSync(draft).mtimeMs - OLD_MS);
    await bundle(
      files.filter((file) => ENTRY.test(file)),
      draft,
      target,
    );
    for (const name of BESIDE) symlinkSync(path.join(root, name), path.join(draft, name));
    // Another run may have finished the same build meanwhile.
    if (existsSync(target)) rmSync(draft, { recursive: true });
    else renameSync(draft, target);
  }
  process.env[VARIABLE] = target;
}

function keyOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) {
    const { mtimeMs, size } = statSync(path.join(root, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Another run may still start processes from a build that is not old. */
function removeOlder(folder: string, moment: number): void {
  for (const name of readdirSync(folder)) {
    const build = path.join(folder, name);
    const found = statSync(build, { throwIfNoEntry: false });
    if (found !== undefined && found.mtimeMs < moment) rmSync(build, { recursive: true, force: true });
  }
}

/** @param target where the output stands when it runs, as opposed to `outdir` */
async function bundle(entryPoints: string[], outdir: string, target: string): Promise<void> {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    outbase: root,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    plugins: [packages, ownPlace(target)],
  });
}

const packages: Plugin = {
  name: 'packages stay outside, but for those of many modules',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
      kind === 'entry-point' || MANY_MODULES.test(name) ? undefined : { path: name, external: true },
    );
  },
};

/** A module finds what stands beside it (views, other modules) as if it had not been bundled. */
const ownPlace = (target: string): Plugin => ({
  name: 'import.meta is that of the module',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
      const place = path.join(target, path.relative(root, file).replace(/\.ts$/, '.js'));
      const contents = readFileSync(file, 'utf8')
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(place).href))
        .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(place)));
      return { contents, loader: 'ts' };
    });
  },
});

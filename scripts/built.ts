/**
 * How processes of this project are started from its TypeScript files. By tsx, which compiles and takes a second
 * or two; or, where `buildScripts` was called before, from its output. `npm test` takes its tests from there too.
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

/** Tells child processes where the output is. test/support/parallel.mocharc.cjs reads it too. */
const VARIABLE = 'NASTAVNIK_BUILT';

/** Whether this process, or one that started it, has called `buildScripts`. */
export const isBuilt = (): boolean => process.env[VARIABLE] !== undefined;

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
const TEST = /^test\/(?!e2e\/|mongodb\/).*\.test\.ts$|^test\/support\/setup\.ts$/;
/** Stay outside: compiled code, packages that find parts of themselves when they run, and tools too large to be worth it. */
const OUTSIDE = [
  ...['libsql', '@libsql/*', '@neon-rs/*', 'sharp', '@img/*', 'esbuild', 'playwright-core'],
  ...['typescript', 'prettier'],
  // Mongoose knows its types by the names of their classes, which the bundler may change.
  'bson',
];
const OLD_MS = 3_600_000;

/**
 * Bundles every file that is started as a process, without checking types and with the packages it needs, into a folder
 * under `node_modules/.cache` that is named by what it was built from. Processes are started from there from now on: to
 * find a thousand modules and read them takes longer than to run them.
 * @param more files that are built beside them
 */
export async function buildScripts(more: 'tests' | 'none' = 'none'): Promise<void> {
  const folder = path.join(root, 'node_modules/.cache/built');
  const files = CODE.flatMap((name) =>
    readdirSync(path.join(root, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name))),
  );
  const target = path.join(folder, `${keyOf([...files, 'package-lock.json'])}-${more}`);
  if (!existsSync(target)) {
    const draft = `${target}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    // By the file system's clock: this process may have been given another one (faketime).
    removeOlder(folder, statSync(draft).mtimeMs - OLD_MS);
    await bundle(
      files.filter((file) => ENTRY.test(file) || (more === 'tests' && TEST.test(file))),
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
    // Lines of the sources in what fails.
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'error',
    external: OUTSIDE,
    // Packages of CommonJS ask for Node's modules by it.
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(${JSON.stringify(`${target}/`)});`,
    },
    plugins: [ownPlace(target), packagePlace],
  });
}

/**
 * A module finds what stands beside it as if it had not been bundled: sources find the threads that were built with
 * them, and what `BESIDE` names; scripts and tests find files of the project.
 */
const ownPlace = (target: string): Plugin => ({
  name: 'import.meta is that of the module',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
      const relative = path.relative(root, file);
      const place = relative.startsWith('src') ? path.join(target, relative.replace(/\.ts$/, '.js')) : file;
      const contents = readFileSync(file, 'utf8')
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(place).href))
        .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(place)));
      return { contents, loader: 'ts' };
    });
  },
});

const packagePlace: Plugin = {
  name: 'a package finds its files',
  setup(build) {
    build.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, ({ path: file }) => {
      const source = readFileSync(file, 'utf8');
      const address = JSON.stringify(pathToFileURL(file).href);
      if (source.includes('import.meta.url'))
        return { contents: source.replaceAll('import.meta.url', address), loader: 'js' };
      if (!/\b__(?:dir|file)name\b/.test(source)) return undefined;
      const names = `var __filename = ${JSON.stringify(file)}, __dirname = ${JSON.stringify(path.dirname(file))};`;
      return { contents: names + source, loader: 'js' };
    });
  },
};

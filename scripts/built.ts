/**
 * How processes of this project are started from its TypeScript files. By tsx, which compiles and takes a second
 * or two; or, where `buildScripts` was called before, from its output.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

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

/**
 * Compiles every TypeScript file into a tree of the same shape under `node_modules/.cache`, without checking types;
 * files that have not changed since the last time are left alone. Processes are started from there from now on.
 */
export async function buildScripts(): Promise<void> {
  const target = path.join(root, 'node_modules/.cache/built');
  mkdirSync(target, { recursive: true });
  for (const name of BESIDE) {
    const link = path.join(target, name);
    if (!existsSync(link)) symlinkSync(path.join(root, name), link);
  }
  const files = CODE.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.d.ts'))
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name))),
  );
  const stale = files.filter((file) => isStale(path.join(root, file), path.join(target, outputOf(file))));
  const sources = stale.filter((file) => file.endsWith('.ts'));
  if (sources.length > 0) await compile(sources, target);
  for (const file of stale.filter((name) => !name.endsWith('.ts'))) copy(file, target);
  process.env[VARIABLE] = target;
}

const outputOf = (file: string): string => file.replace(/\.ts$/, '.js');

const isStale = (source: string, output: string): boolean =>
  !existsSync(output) || statSync(output).mtimeMs < statSync(source).mtimeMs;

async function compile(files: readonly string[], target: string): Promise<void> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [...files],
    outdir: target,
    outbase: root,
    bundle: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    write: false,
  });
  for (const { path: output, contents } of outputFiles) {
    mkdirSync(path.dirname(output), { recursive: true });
    replace(output, (file) => writeFileSync(file, contents));
  }
}

function copy(file: string, target: string): void {
  const output = path.join(target, file);
  mkdirSync(path.dirname(output), { recursive: true });
  replace(output, (temporary) => copyFileSync(path.join(root, file), temporary));
}

/** Another run may be starting a process from the old file at this moment. */
function replace(output: string, write: (file: string) => void): void {
  const temporary = `${output}.${process.pid}`;
  write(temporary);
  renameSync(temporary, output);
}

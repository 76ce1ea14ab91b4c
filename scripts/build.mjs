/**
 * `npm run build`: TypeScript into dist/, file by file, and of that dist/bundle/, which is what is started. A start reads a
 * few files instead of twelve hundred: it takes a third less time. Packages, views and threads stay where they are.
 */
import { build as bundle } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.join(root, 'dist/bundle');

/** Packages of many small modules, as in built.ts: to find and link those takes longer than to run them. */
const MANY_MODULES = /^(zod|jose|csv-parse|csv-stringify)(\/|$)/;

const packages = {
  name: 'packages stay outside, but for those of many modules',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
      kind === 'entry-point' || MANY_MODULES.test(name) ? undefined : { path: name, external: true },
    );
  },
};

/** A file that asks where it is, to find another beside it, is told where it was before it was bundled. */
const ownAddresses = {
  name: 'own-addresses',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/].*\.js$/ }, ({ path: file }) => {
      const source = readFileSync(file, 'utf8');
      if (!source.includes('import.meta.url')) return undefined;
      const address = path.relative(folder, file).replaceAll(path.sep, '/');
      const own = `new URL(${JSON.stringify(address)}, import.meta.url).href`;
      return { contents: source.replaceAll('import.meta.url', own) };
    });
  },
};

/**
 * A program of ASCII alone takes half the memory: V8 keeps its source, and one other sign makes two bytes of each. The
 * bundler leaves regular expressions and comments as they are; an escape means the same there.
 */
const escaped = (source) =>
  source.replace(/[^\0-\x7F]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Compiles and bundles. @throws Error when the types are wrong */
export async function build() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const compiled = spawnSync(process.execPath, [tsc, '-p', path.join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  if (compiled.status !== 0) throw new Error('TypeScript refuses the sources');
  rmSync(folder, { recursive: true, force: true });
  const { outputFiles } = await bundle({
    entryPoints: [path.join(root, 'dist/main.js')],
    outdir: folder,
    bundle: true,
    // What is imported later stays in files of its own, with the packages that it needs.
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
    plugins: [packages, ownAddresses],
    write: false,
  });
  mkdirSync(folder, { recursive: true });
  for (const { path: file, text } of outputFiles)
    writeFileSync(file, file.endsWith('.js') ? escaped(text) : text);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await build();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

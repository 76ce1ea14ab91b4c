// `npm start`: the tool alone, in production mode. Builds first when there is no current build.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const entry = path.join(root, 'dist/main.js');
const stamp = path.join(root, 'dist/.tsbuildinfo');

const newest = (folder) =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((item) => item.isFile())
      .map((item) => statSync(path.join(item.parentPath, item.name)).mtimeMs),
  );

const current = () =>
  existsSync(entry) &&
  existsSync(stamp) &&
  statSync(stamp).mtimeMs >=
    Math.max(newest(path.join(root, 'src')), statSync(path.join(root, 'tsconfig.build.json')).mtimeMs);

// An image that carries the build alone has no sources to compare with.
if (existsSync(path.join(root, 'src')) && !current()) {
  console.error('building…');
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const built = spawnSync(process.execPath, [tsc, '-p', path.join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  if (built.status !== 0) process.exit(built.status ?? 1);
}

process.env.NODE_ENV ??= 'production';
await import(entry);

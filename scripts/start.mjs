// `npm start`: the tool alone, in production mode. Builds first when there is no current build.
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const entry = path.join(root, 'dist/bundle/main.js');

const newest = (folder) =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((item) => item.isFile())
      .map((item) => statSync(path.join(item.parentPath, item.name)).mtimeMs),
  );

const current = () =>
  existsSync(entry) &&
  statSync(entry).mtimeMs >=
    Math.max(newest(path.join(root, 'src')), statSync(path.join(root, 'tsconfig.build.json')).mtimeMs);

// An image that carries the build alone has no sources to compare with.
if (existsSync(path.join(root, 'src')) && !current()) {
  console.error('building…');
  const { build } = await import('./build.mjs');
  await build().catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}

process.env.NODE_ENV ??= 'production';
await import(entry);

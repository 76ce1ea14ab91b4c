import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, Router } from 'express';

const PUBLIC = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../public');
const inPackage = (name: string, file: string): string =>
  path.join(path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), file);

/** Served from the packages themselves, so that their updates need no copying. */
const OF_PACKAGES: ReadonlyMap<string, string> = new Map([
  ['pico.css', inPackage('@picocss/pico', 'css/pico.min.css')],
  ['event-calendar.js', inPackage('@event-calendar/build', 'dist/event-calendar.min.js')],
  ['event-calendar.css', inPackage('@event-calendar/build', 'dist/event-calendar.min.css')],
]);

const fileOf = (name: string): string => OF_PACKAGES.get(name) ?? path.join(PUBLIC, name);

const versions = new Map<string, string>();

/** The address of a browser asset. It changes with the content, so browsers may keep it for a year. */
export function assetUrl(name: string): string {
  let version = versions.get(name);
  if (version === undefined) {
    version = createHash('sha256')
      .update(readFileSync(fileOf(name)))
      .digest('base64url')
      .slice(0, 10);
    versions.set(name, version);
  }
  return `/assets/${name}?v=${version}`;
}

export function assets(): RequestHandler {
  const router = Router();
  const headers = (res: { setHeader(name: string, value: string): unknown }): void => {
    res.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
  };
  for (const [name, file] of OF_PACKAGES) {
    router.get(`/${name}`, (_req, res) => {
      headers(res);
      res.sendFile(file, { cacheControl: false });
    });
  }
  router.use(
    express.static(PUBLIC, {
      index: false,
      redirect: false,
      cacheControl: false,
      setHeaders(res, file) {
        headers(res);
        // LMSs show the icon in their own pages.
        if (file.endsWith('.svg')) res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
      },
    }),
  );
  return router;
}

/** The service worker at the root, for it serves all pages. It is not stored, so that a new version comes through. */
export const pushWorker = (): RequestHandler => (_req, res) => {
  // Below the root, for of a whole path no part may begin with a dot, wherever the tool is installed.
  res.sendFile('push-worker.js', { root: PUBLIC, cacheControl: false });
};

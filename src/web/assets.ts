import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, Router } from 'express';

const PUBLIC = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../public');
/** Served from the package itself, so that an update of the kit needs no copying. */
const KIT = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@picocss/pico/package.json')),
  'css/pico.min.css',
);

const fileOf = (name: string): string => (name === 'pico.css' ? KIT : path.join(PUBLIC, name));

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
  router.get('/pico.css', (_req, res) => {
    headers(res);
    res.sendFile(KIT, { cacheControl: false });
  });
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
  res.sendFile(path.join(PUBLIC, 'push-worker.js'), { cacheControl: false });
};

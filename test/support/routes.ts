import type { Express } from 'express';

interface Listing {
  listRoutes(): { path: string; methods?: readonly string[]; router?: Listing }[];
}

/** Every route of the app as `POST /c/:courseKey/grades/again`; `*` is any method. Read from Express itself. */
export function routesOf(app: Express): string[] {
  const walk = (router: Listing, base: string): string[] =>
    router.listRoutes().flatMap(({ path, methods, router: below }) => {
      if (below !== undefined) return walk(below, path === '/' ? base : `${base}${path}`);
      return (methods ?? []).map((method) => `${method} ${base}${path}`);
    });
  return walk(app.router as unknown as Listing, '');
}

/** Those that change something. */
export const changingRoutesOf = (app: Express): string[] =>
  routesOf(app).filter((route) => !/^(GET|HEAD) /.test(route));

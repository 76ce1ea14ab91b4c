import type { RequestHandler } from 'express';

/** The public directory is for everybody, search engines included; all else needs a launch. */
const ROBOTS = ['User-agent: *', 'Allow: /directory', 'Allow: /assets/', 'Disallow: /', ''].join('\n');

/** `/robots.txt` */
export const robots = (): RequestHandler => (_req, res) => {
  res.setHeader('Cache-Control', 'public, max-age=86400');
  res.type('text/plain').send(ROBOTS);
};

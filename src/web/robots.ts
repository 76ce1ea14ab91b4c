import type { RequestHandler } from 'express';

/** Search engines may read the public directory; all other pages need a launch. */
const ROBOTS = ['User-agent: *', 'Allow: /directory', 'Allow: /assets/', 'Disallow: /', ''].join('\n');

/** `/robots.txt` */
export const robots = (): RequestHandler => (_req, res) => {
  res.setHeader('Cache-Control', 'public, max-age=86400');
  res.type('text/plain').send(ROBOTS);
};

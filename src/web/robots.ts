import type { RequestHandler } from 'express';

/** Paths of the open site. */
export const OPEN_PATHS = [
  '/teachers',
  '/associations',
  '/programmes',
  '/responsible',
  '/materials',
  '/faq',
  '/sveden',
  '/feed.json',
  '/feed.rss',
  '/embed',
  '/sitemap.xml',
] as const;

/** `/robots.txt`: search engines may read the open site; all other pages need a launch. */
export function robots(publicUrl: string): RequestHandler {
  const text = [
    'User-agent: *',
    'Allow: /$',
    ...OPEN_PATHS.map((path) => `Allow: ${path}`),
    'Allow: /files/',
    'Allow: /assets/',
    'Disallow: /',
    `Sitemap: ${publicUrl}/sitemap.xml`,
    '',
  ].join('\n');
  return (_req, res) => {
    res.setHeader('Cache-Control', 'public, max-age=86400');
    res.type('text/plain').send(text);
  };
}

import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { PageContext } from './context.js';

/**
 * Headers that do not depend on the page. Each departure from helmet's defaults is one that would break a
 * tool living in an LMS's frame.
 */
export function securityHeaders(publicUrl: string): RequestHandler[] {
  const https = publicUrl.startsWith('https:');
  return [
    helmet({
      // Built per response below: it holds the nonce and who may frame the page.
      contentSecurityPolicy: false,
      // X-Frame-Options can name no other origin; frame-ancestors decides.
      xFrameOptions: false,
      // A launch in a new window talks to its opener (registration closes the LMS's window by postMessage).
      crossOriginOpenerPolicy: false,
      // `no-referrer` would make browsers send `Origin: null` with our own forms; the path stays private.
      referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
      strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    }),
    (_req, res, next) => {
      res.setHeader(
        'Permissions-Policy',
        'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
      );
      // Pages hold personal data; public ones say otherwise for themselves.
      res.setHeader('Cache-Control', 'no-store');
      next();
    },
  ];
}

/**
 * The CSP of a page. No inline style runs, and no inline script without the nonce (on open pages, none at all);
 * only LMSs that we know may frame it.
 */
export function contentSecurityPolicy(
  page: Pick<PageContext, 'nonce' | 'open' | 'frameOrigins' | 'formOrigins'>,
): string {
  return [
    "default-src 'none'",
    page.open ? "script-src 'self'" : `script-src 'nonce-${page.nonce}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    `form-action ${["'self'", ...page.formOrigins].join(' ')}`,
    `frame-ancestors ${page.frameOrigins.length > 0 ? ["'self'", ...page.frameOrigins].join(' ') : "'none'"}`,
  ].join('; ');
}

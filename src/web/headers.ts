import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { PageContext } from './context.js';

/**
 * Sets headers that do not depend on the page. Each difference from helmet's defaults is one without which a tool in an
 * LMS's frame would not work. They are the same for every request, so helmet runs once.
 */
export function securityHeaders(publicUrl: string): RequestHandler {
  const https = publicUrl.startsWith('https:');
  const constant = headersOf(
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
  );
  constant.push(
    [
      'Permissions-Policy',
      'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
    ],
    // Pages hold personal data; public ones say otherwise for themselves.
    ['Cache-Control', 'no-store'],
  );
  return (_req, res, next) => {
    for (const [name, value] of constant) res.setHeader(name, value);
    next();
  };
}

/** What a middleware of constant headers sets. @throws what the middleware throws */
function headersOf(middleware: (req: IncomingMessage, res: ServerResponse, next: () => void) => void) {
  const req = new IncomingMessage(new Socket());
  const res = new ServerResponse(req);
  middleware(req, res, () => undefined);
  return res.getHeaderNames().map((name): [string, string] => [name, String(res.getHeader(name))]);
}

/**
 * Sets the CSP of a page. It allows no inline style, no inline script without the nonce (on public pages none), and
 * frames only of registered LMSs.
 */
export function contentSecurityPolicy(
  page: Pick<PageContext, 'nonce' | 'open' | 'frameOrigins' | 'formOrigins' | 'frames'>,
): string {
  return [
    "default-src 'none'",
    page.open ? "script-src 'self'" : `script-src 'nonce-${page.nonce}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "media-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    ...(page.frames.length > 0 ? [`frame-src ${page.frames.join(' ')}`] : []),
    // The worker that shows pushed messages.
    ...(page.open ? [] : ["worker-src 'self'"]),
    "base-uri 'none'",
    `form-action ${["'self'", ...page.formOrigins].join(' ')}`,
    `frame-ancestors ${page.frameOrigins.length > 0 ? ["'self'", ...page.frameOrigins].join(' ') : "'none'"}`,
  ].join('; ');
}

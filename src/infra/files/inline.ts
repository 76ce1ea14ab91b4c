import type { Disposition } from '../../web/content-disposition.js';

/** What no browser runs anything from. */
const INLINE = new Set([
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
  'application/pdf',
  'text/plain',
  'audio/mpeg',
  'video/mp4',
]);

export const dispositionOf = (type: string): Disposition => (INLINE.has(type) ? 'inline' : 'attachment');

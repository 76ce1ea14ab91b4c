import type { Request } from 'express';
import { isSlug } from './directory.schema.js';
import { isMaterialKey } from './materials/materials.schema.js';
import { notInDirectory } from './refusals.js';

/** @throws DomainError `directory-nobody` for an address that cannot exist */
export function slugOf(req: Request): string {
  const { slug } = req.params;
  if (!isSlug(slug)) throw notInDirectory();
  return slug;
}

/** @throws DomainError `directory-nobody` for an address that cannot exist */
export function materialKeyOf(req: Request): string {
  const { key } = req.params;
  if (!isMaterialKey(key)) throw notInDirectory();
  return key;
}

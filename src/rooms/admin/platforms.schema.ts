import { z } from 'zod';
import { id, line, optionalLine } from '../../web/parse.js';

/** One value to a line, as a text area sends it; or a JSON list. */
const lines = z.preprocess(
  (value) =>
    typeof value === 'string' ? value.split(/[\r\n]+/).filter((one) => one.trim() !== '') : (value ?? []),
  z.array(z.string().trim().min(1).max(255)).max(100, 'errors.field.tooBig'),
);

const deployments = lines.refine((all) => all.length > 0, 'errors.field.missing');

const unknownDeployments = z.enum(['ask', 'accept']);

export const newPlatform = z.object({
  name: optionalLine(255),
  issuer: line(255),
  clientId: line(255),
  authUrl: line(2_000),
  tokenUrl: line(2_000),
  jwksUrl: line(2_000),
  deployments,
  frameOrigins: lines,
});

/** Whom an invitation expects; anybody when empty. */
export const platformInvitation = z.object({ expected: optionalLine(255) });

export const platformEdit = z.object({
  name: optionalLine(255),
  deployments,
  frameOrigins: lines,
  unknownDeployments: unknownDeployments.default('ask'),
  /** Stands for what the administrator saw. */
  version: z.string().min(1).max(40),
});

export const platformId = z.object({ id });

export const strangerId = z.object({ id, deployment: id });

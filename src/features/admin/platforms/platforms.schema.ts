import { z } from 'zod';
import { OWN_PARAMETERS, roleUri, type RoleRule } from '../../../lti/index.js';
import { ROLES, type Role } from '../../../shared/roles.js';
import { id, line, list, optionalLine } from '../../../web/parse.js';

/** One value to a line, as a text area sends it; or a JSON list. */
const lines = z.preprocess(
  (value) =>
    typeof value === 'string' ? value.split(/[\r\n]+/).filter((item) => item.trim() !== '') : (value ?? []),
  z.array(z.string().trim().min(1).max(255)).max(100, 'errors.field.tooBig'),
);

const deployments = lines.refine((all) => all.length > 0, 'errors.field.missing');

const unknownDeployments = z.enum(['ask', 'accept']);

/** Where a platform describes itself, as an administrator has it at hand; its issuer will do. */
export const platformAddress = z.object({ configuration: line(2_000) });

export const newPlatform = z.object({
  name: optionalLine(255),
  issuer: line(255),
  clientId: line(255),
  authUrl: line(2_000),
  tokenUrl: line(2_000),
  /** What the platform expects in token requests in place of their address. */
  tokenAudience: optionalLine(2_000),
  jwksUrl: line(2_000),
  /** Where the rest was read, where it was. */
  configurationUrl: optionalLine(2_000),
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
  ownParameters: list(z.enum(OWN_PARAMETERS)),
  /** Stands for what the administrator saw. */
  version: z.string().min(1).max(40),
});

/** Two columns of a table: a role as it is written, and ours for it; '' leaves it to what is common. */
const column = list(z.string().trim().max(255)).pipe(z.array(z.string()).max(100, 'errors.field.tooBig'));

export const rolesForm = z
  .object({
    uri: column,
    role: column,
    version: z.string().min(1).max(40),
  })
  .transform(({ uri, role, version }, context) => {
    const rules = new Map<string, Role>();
    uri.forEach((written, at) => {
      const chosen = z.union([z.literal(''), z.enum(ROLES)]).safeParse(role[at]);
      const named = roleUri(written);
      if (!chosen.success)
        context.addIssue({ code: 'custom', path: ['role'], message: 'errors.field.wrong' });
      else if (written === '' || chosen.data === '') return;
      else if (named === null)
        context.addIssue({ code: 'custom', path: ['uri'], message: 'errors.field.roleForm' });
      else rules.set(named, chosen.data);
    });
    return { version, rules: [...rules].map(([name, role]): RoleRule => ({ uri: name, role })) };
  });

export const platformId = z.object({ id });

export const unknownDeploymentId = z.object({ id, deployment: id });

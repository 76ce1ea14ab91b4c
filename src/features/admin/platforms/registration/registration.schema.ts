import { z } from 'zod';

/** The query of the first page and the fields of its form; other parameters are ignored. */
export const asked = z
  .object({
    invitation: z.string().max(200).default(''),
    openid_configuration: z.string().min(1).max(2_000),
    registration_token: z.string().max(10_000).default(''),
    /** Of our form alone: stands for what was shown. */
    seen: z.string().max(40).default(''),
  })
  .transform(({ invitation, openid_configuration, registration_token, seen }) => ({
    invitation,
    openidConfiguration: openid_configuration,
    registrationToken: registration_token,
    seen,
  }));

/** An issuer that is expected, as an administrator types it. */
export const issuer = z.string().trim().max(255).default('');

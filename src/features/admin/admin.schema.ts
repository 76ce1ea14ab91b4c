import { z } from 'zod';

const login = z
  .string()
  .trim()
  .normalize('NFKC')
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@-]{1,59}$/u, 'errors.field.loginForm');

/** Typed at a login: anything, within reason. */
const typed = z.string().min(1).max(200);

/** New ones are long; how they are made up is judged in password-rules.ts. */
const newPassword = z
  .string()
  .min(1, 'errors.field.missing')
  .min(12, 'errors.field.passwordShort')
  .max(200, 'errors.field.tooLong');

export const loginForm = z.object({ login: typed, password: typed });
export const codeForm = z.object({ code: z.string().trim().min(1).max(60) });

export const linkToken = z.object({ token: z.string().regex(/^[\w-]{32}$/) });

const repeated = {
  check: ({ password, repeat }: { password: string; repeat: string }): boolean => password === repeat,
  problem: { path: ['repeat'], message: 'errors.field.passwordRepeat' },
};

/** The page of an invitation: a new account. */
export const accountForm = linkToken
  .extend({ login, password: newPassword, repeat: typed })
  .refine(repeated.check, repeated.problem);

/** The page of a link for a new password. */
export const passwordForm = linkToken
  .extend({ password: newPassword, repeat: typed })
  .refine(repeated.check, repeated.problem);

/** A signed-in administrator changes the password. */
export const changePasswordForm = z
  .object({ current: typed, password: newPassword, repeat: typed })
  .refine(repeated.check, repeated.problem);

/** The password once more, before what a browser left open must not do. */
export const passwordAgain = z.object({ current: typed });

export const sessionKey = z.object({ key: z.string().regex(/^[a-z0-9]{12}$/) });

import { createVerify } from 'node:crypto';
import { z } from 'zod';
import type { App } from '../state/apps.ts';
import { clientIdOf } from '../state/client-id.ts';

const claims = z.object({
  iss: z.union([z.string(), z.number()]),
  exp: z.number(),
  iat: z.number().optional(),
});
const LONGEST_S = 600;
/** Clocks may differ a little. */
const LENIENCY_S = 60;

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function verified(app: App, parts: readonly string[]): boolean {
  const [header = '', payload = '', signature = ''] = parts;
  const verify = createVerify('RSA-SHA256').update(`${header}.${payload}`);
  try {
    return verify.verify(app.publicKey, signature, 'base64url');
  } catch {
    return false;
  }
}

/** Whether a token looks like a JSON web token at all. */
export function isJwt(token: string): boolean {
  return /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

/** The app that signed a JSON web token; undefined if none did, or it is not valid now. */
export function appOfJwt(apps: readonly App[], token: string): App | undefined {
  const parts = token.split('.');
  const read = claims.safeParse(decoded(parts[1] ?? ''));
  if (!read.success) return undefined;
  const { iss, exp, iat = 0 } = read.data;
  const now = Date.now() / 1000;
  const valid = exp > now && exp < now + LONGEST_S + LENIENCY_S && iat < now + LENIENCY_S;
  const app = apps.find(({ id }) => [String(id), clientIdOf({ id })].includes(String(iss)));
  return valid && app && verified(app, parts) ? app : undefined;
}

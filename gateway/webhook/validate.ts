import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { HmacSecrets } from './hmac-secrets.ts';

/** Why a request is no webhook of ours: the code is a contract (W§2.2), the text is for whoever looks. */
export interface Refusal {
  readonly status: 400 | 403 | 405 | 500;
  readonly message: string;
}

/** What is wrong with a request before its body is read; checked in this order. */
export function refusalOfHeaders(
  method: string,
  headers: IncomingHttpHeaders,
): Refusal | undefined {
  if (method !== 'POST') return refuse(405, 'Method not allowed: webhooks are sent with POST.');
  if (!headers['x-github-event']) return refuse(400, 'Missing X-GitHub-Event header.');
  if (!headers['x-github-delivery']) return refuse(400, 'Missing X-GitHub-Delivery header.');
  if (!headers['x-hub-signature-256']) return refuse(403, 'Missing X-Hub-Signature-256 header.');
  if (headers['content-type'] !== 'application/json') {
    return refuse(400, 'The webhook must have the content type application/json, nothing else.');
  }
  return undefined;
}

const placeSchema = z.object({
  repository: z.object({ full_name: z.string() }).nullish().catch(undefined),
  organization: z.object({ login: z.string() }).nullish().catch(undefined),
});

/** The payload of a body whose signature is right, or why it is not believed. */
export type Verified =
  | { readonly payload: unknown; readonly refusal?: never }
  | { readonly refusal: Refusal };

/** Checks the signature with the secrets of the place that the body names. */
export async function verify(
  body: Buffer,
  signature: string,
  hmac: HmacSecrets,
): Promise<Verified> {
  const place = placeSchema.safeParse(parseJson(body));
  if (!place.success) return { refusal: refuse(403, 'The body is not a JSON object.') };
  const given = parseSignature(signature);
  if (given === undefined) {
    return {
      refusal: refuse(403, 'X-Hub-Signature-256 is not sha256= and 64 hexadecimal digits.'),
    };
  }
  const { repository, organization } = place.data;
  const secrets = await hmac.secretsFor(repository?.full_name ?? organization?.login ?? '');
  if (secrets.length === 0) return { refusal: refuse(403, 'No HMAC secret for this repository.') };
  if (!matchesAny(body, given, secrets)) return { refusal: refuse(403, 'Invalid signature.') };
  return { payload: parseJson(body) };
}

/** Tries every secret, always all of them, each comparison in constant time. */
function matchesAny(body: Buffer, given: Buffer, secrets: readonly string[]): boolean {
  const results = secrets.map((secret) =>
    timingSafeEqual(createHmac('sha256', secret).update(body).digest(), given),
  );
  return results.includes(true);
}

function parseSignature(signature: string): Buffer | undefined {
  const hex = /^sha256=([0-9a-f]{64})$/i.exec(signature)?.[1];
  return hex === undefined ? undefined : Buffer.from(hex, 'hex');
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function refuse(status: Refusal['status'], message: string): Refusal {
  return { status, message };
}

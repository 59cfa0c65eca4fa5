import { createHmac } from 'node:crypto';
import type { Hook } from '../state/model.ts';
import type { Delivery } from './delivery.ts';

function hmac(algorithm: string, secret: string, body: string): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`;
}

/** The headers of a delivery, signed if the hook has a secret. */
export function headersFor(
  hook: Hook,
  delivery: { readonly guid: string; readonly event: string },
  body: string,
): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    Accept: '*/*',
    'User-Agent': 'GitHub-Hookshot/emulator',
    'X-GitHub-Delivery': delivery.guid,
    'X-GitHub-Event': delivery.event,
    'X-GitHub-Hook-ID': String(hook.id),
    'X-GitHub-Hook-Installation-Target-Type': hook.repo ? 'repository' : 'organization',
    ...(hook.secret
      ? {
          'X-Hub-Signature': hmac('sha1', hook.secret, body),
          'X-Hub-Signature-256': hmac('sha256', hook.secret, body),
        }
      : {}),
  };
}

/** Posts a delivery once and writes into it what came back. */
export async function postDelivery(
  url: string,
  delivery: Delivery,
  timeoutMs: number,
): Promise<void> {
  const started = performance.now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: delivery.request.headers,
      body: delivery.request.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    delivery.responseBody = (await response.text()).slice(0, 10_000);
    delivery.statusCode = response.status;
    delivery.status = response.ok ? 'OK' : response.statusText || 'Error';
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    delivery.status = timedOut ? 'timed out' : 'failed to connect to host';
  }
  delivery.durationMs = Math.round((performance.now() - started) * 1000) / 1000;
}

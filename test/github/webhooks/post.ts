import { createHmac } from 'node:crypto';
import type { Hook } from '../state/model.ts';
import type { Delivery } from './delivery.ts';

function hmac(algorithm: string, secret: string, body: string): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`;
}

function targetOf(hook: Hook): string {
  if (hook.app !== undefined) return 'integration';
  return hook.repo ? 'repository' : 'organization';
}

/** The JSON that a hook is sent; an app is also told of which installation it is. */
export function bodyFor(hook: Hook, json: string, installation: number | undefined): string {
  if (hook.app === undefined || installation === undefined) return json;
  // What is about installations names it already.
  if (/"installation":\{/.test(json)) return json;
  const id = Buffer.from(`MDIzOkluc3RhbGxhdGlvbg${installation}`).toString('base64');
  return `${json.slice(0, -1)},"installation":{"id":${installation},"node_id":"${id}"}}`;
}

/** What is posted and signed: the JSON, or a form with it. */
function wireOf(hook: Hook, json: string): string {
  return hook.contentType === 'form' ? new URLSearchParams({ payload: json }).toString() : json;
}

/** The headers of a delivery, signed if the hook has a secret. */
export function headersFor(
  hook: Hook,
  delivery: { readonly guid: string; readonly event: string },
  body: string,
): Record<string, string> {
  const signed = wireOf(hook, body);
  return {
    'Content-Type':
      hook.contentType === 'form' ? 'application/x-www-form-urlencoded' : 'application/json',
    Accept: '*/*',
    'User-Agent': 'GitHub-Hookshot/emulator',
    'X-GitHub-Delivery': delivery.guid,
    'X-GitHub-Event': delivery.event,
    'X-GitHub-Hook-ID': String(hook.id),
    'X-GitHub-Hook-Installation-Target-Type': targetOf(hook),
    ...(hook.secret
      ? {
          'X-Hub-Signature': hmac('sha1', hook.secret, signed),
          'X-Hub-Signature-256': hmac('sha256', hook.secret, signed),
        }
      : {}),
  };
}

/** Posts a delivery once and writes into it what came back. */
export async function postDelivery(
  hook: Hook,
  delivery: Delivery,
  timeoutMs: number,
): Promise<void> {
  const started = performance.now();
  try {
    const response = await fetch(hook.url, {
      method: 'POST',
      headers: delivery.request.headers,
      body: wireOf(hook, delivery.request.body),
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

import { z } from 'zod';
import type { StatusEvent } from '../../../workflows/domain/event.ts';
import { name, time } from './payload.ts';
import type { Origin, Reduction } from './reduction.ts';

const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

const schema = z.object({
  id: z.int(),
  sha: z.string().regex(/^[0-9a-f]{40,64}$/i),
  context: name.default('default'),
  state: z.enum(['error', 'failure', 'pending', 'success']),
  description: optionalText,
  target_url: optionalText,
  created_at: time.nullish(),
  updated_at: time.nullish(),
});

/** `status`: somebody wrote a commit status. */
export function reduceStatus(input: unknown, origin: Origin): Reduction {
  const payload = schema.parse(input);
  const event: StatusEvent = {
    kind: 'status',
    key: `status:${payload.id}`,
    guid: origin.guid,
    at: payload.updated_at ?? payload.created_at ?? origin.receivedAt,
    sender: origin.sender,
    sha: payload.sha,
    context: payload.context,
    state: payload.state,
    description: payload.description,
    targetUrl: payload.target_url,
  };
  return { addressee: { to: 'commit', sha: payload.sha }, events: [event] };
}

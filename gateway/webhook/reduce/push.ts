import { z } from 'zod';
import type { PushEvent } from '../../../workflows/domain/event.ts';
import { name, sha, time } from './payload.ts';
import type { Origin, Reduction } from './reduction.ts';

const paths = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

const schema = z.object({
  ref: name,
  before: sha,
  after: sha,
  deleted: z.boolean().default(false),
  forced: z.boolean().default(false),
  compare: z.string().default(''),
  commits: z.array(z.object({ added: paths, removed: paths, modified: paths })).nullish(),
  head_commit: z.object({ timestamp: time.optional() }).nullish(),
  repository: z.object({ pushed_at: z.union([z.number(), time]).nullish() }),
});

const BRANCH = 'refs/heads/';

/** `push` to a branch; tags start nothing. */
export function reducePush(input: unknown, origin: Origin): Reduction | undefined {
  const payload = schema.parse(input);
  if (!payload.ref.startsWith(BRANCH)) return undefined;
  const ref = payload.ref.slice(BRANCH.length);
  const changed = (payload.commits ?? []).flatMap((commit) => [
    ...commit.added,
    ...commit.removed,
    ...commit.modified,
  ]);
  const event: PushEvent = {
    kind: 'push',
    key: `push:${ref}:${payload.after}`,
    guid: origin.guid,
    at: timeOf(payload) ?? origin.receivedAt,
    sender: origin.sender,
    ref,
    before: payload.before,
    after: payload.after,
    deleted: payload.deleted,
    forced: payload.forced,
    compareUrl: payload.compare,
    changedFiles: [...new Set(changed)].sort(),
    deliveryId: origin.deliveryId ?? '',
  };
  return { addressee: { to: 'branch', ref }, events: [event] };
}

/** GitHub's own time of the push; in this one payload it is a number of seconds. */
function timeOf({ repository, head_commit: head }: z.output<typeof schema>): string | undefined {
  const { pushed_at: pushed } = repository;
  if (typeof pushed === 'string') return pushed;
  if (typeof pushed === 'number') return new Date(pushed * 1000).toISOString().replace('.000', '');
  return head?.timestamp;
}

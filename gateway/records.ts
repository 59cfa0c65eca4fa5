import { z } from 'zod';

/** What pages read of JSON that entities wrote; an older or newer shape shows less, it never breaks a page. */
const text = z.string().catch('');
const list = <T extends z.ZodType>(item: T) => z.array(item).catch([]);

const requirement = z.object({
  kind: text,
  subject: text,
  met: z.boolean().catch(false),
  fact: text,
  clearedBy: text,
});

const contextStanding = z.object({ context: text, job: text, state: text, baseSha: text });

const poolMember = z.object({
  number: z.number(),
  title: text,
  author: text,
  headSha: text,
  baseRef: text,
  htmlUrl: text,
  updatedAt: text,
  labels: list(z.string()),
  eligible: z.boolean().catch(false),
  explanation: text,
  mergeMethod: text,
  requirements: list(requirement),
  contexts: list(contextStanding),
  unfinished: list(z.object({ uuid: text, job: text, state: text })),
});

/** A member of a pool. */
export type ShownMember = z.output<typeof poolMember>;

const pulls = list(z.object({ number: z.number(), sha: text }));

const poolBatch = z.object({
  id: text,
  baseSha: text,
  pulls,
  state: text,
  runs: z.record(z.string(), z.object({ uuid: text, job: text, state: text })).catch({}),
  contexts: list(z.string()),
});

const poolSnapshot = z.object({
  baseSha: text,
  action: text,
  target: list(z.number()),
  reason: text,
  error: text,
  updatedAt: text,
  members: list(poolMember),
  batches: list(poolBatch),
});

/** A pool as it published itself. */
export type ShownPool = z.output<typeof poolSnapshot>;

/** Reads a row of `pools`. */
export function shownPool(snapshot: unknown): ShownPool {
  return poolSnapshot.parse(typeof snapshot === 'object' && snapshot !== null ? snapshot : {});
}

const mergeEntry = z.object({
  time: text,
  action: text,
  baseSha: text,
  error: text,
  target: list(z.object({ number: z.number(), author: text, title: text, sha: text })),
});

/** A line of a pool's history. */
export type ShownMergeEntry = z.output<typeof mergeEntry>;

/** Reads the record of a row of `merge_history`. */
export function shownMergeEntry(record: unknown): ShownMergeEntry {
  return mergeEntry.parse(typeof record === 'object' && record !== null ? record : {});
}

const pullRequest = z.object({
  title: text,
  author: text,
  state: text,
  merged: z.boolean().catch(false),
  draft: z.boolean().catch(false),
  headSha: text,
  headRef: text,
  baseRef: text,
  htmlUrl: text,
  updatedAt: text,
  labels: z.record(z.string(), z.object({ present: z.boolean() })).catch({}),
  assignees: list(z.string()),
  statuses: z
    .record(z.string(), z.object({ state: text, description: text, targetUrl: text }))
    .catch({}),
  /** Its standing for merging, where the entity published it along. */
  member: poolMember.optional().catch(undefined),
});

/** A pull request as its entity published it. */
export type ShownPullRequest = z.output<typeof pullRequest>;

/** Reads a row of `pull_requests`. */
export function shownPullRequest(record: unknown): ShownPullRequest {
  return pullRequest.parse(typeof record === 'object' && record !== null ? record : {});
}

const reason = z.union([
  z.string().transform((sentence) => ({ plugin: '', reason: sentence, effect: '' })),
  z.object({ plugin: text, reason: text, effect: text }),
]);

const cause = z.union([
  z.string().transform((key) => ({ key, kind: '', sender: '' })),
  z.object({ key: text, kind: text, sender: text }),
]);

/** The sentences of a decision's `reasons`, whatever shape it has. */
export function shownReasons(reasons: unknown): readonly z.output<typeof reason>[] {
  return list(reason).parse(reasons);
}

/** What a decision was about. */
export function shownCauses(events: unknown): readonly z.output<typeof cause>[] {
  return list(cause).parse(events);
}

const prowJob = z.object({
  spec: z
    .object({
      refs: z
        .object({
          base_sha: text,
          pulls: list(z.object({ number: z.number(), sha: text, title: text, link: text })),
        })
        .catch({ base_sha: '', pulls: [] }),
      rerun_command: text,
    })
    .catch({ refs: { base_sha: '', pulls: [] }, rerun_command: '' }),
  status: z
    .object({ startTime: text, pendingTime: text, completionTime: text })
    .catch({ startTime: '', pendingTime: '', completionTime: '' }),
});

/** What the page of a run shows of its ProwJob. */
export function shownProwJob(prowjob: unknown): z.output<typeof prowJob> {
  return prowJob.parse(typeof prowjob === 'object' && prowjob !== null ? prowjob : {});
}

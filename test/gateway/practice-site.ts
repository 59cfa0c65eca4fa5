import { appendFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../../activities/database/database.ts';
import { saveDecision } from '../../activities/database/decisions.ts';
import { appendMergeRecord } from '../../activities/database/merge-history.ts';
import { savePool } from '../../activities/database/pools.ts';
import { savePullRequest } from '../../activities/database/pull-requests.ts';
import { type RunRecord, saveRun } from '../../activities/database/runs.ts';
import { openStorage } from '../../activities/storage/open-storage.ts';
import { buildGateway } from '../../gateway/app.ts';
import type { PluginDeclaration } from '../../gateway/dependencies.ts';
import { createLogger } from '../../gateway/logger.ts';
import { fixedHmacSecrets } from '../../gateway/webhook/hmac-secrets.ts';
import type { PoolMember, PoolSnapshot } from '../../workflows/domain/pool.ts';

/** A gateway over a database and a bucket of its own. */
export interface PracticeSite {
  readonly app: FastifyInstance;
  readonly bucket: string;
}

/** What the help pages are made of in these tests. */
export const HOLD: PluginDeclaration = {
  name: 'hold',
  description: 'Keeps a pull request from merging.',
  commands: ['hold'],
  help: [
    {
      usage: '/hold [cancel]',
      does: 'Adds or removes the label <hold>.',
      whoCanUse: 'Anyone.',
      examples: ['/hold', '/hold cancel'],
    },
  ],
  on: { command: () => [] },
};

/** Builds it; nothing listens yet. */
export async function practiceSite(database: Database): Promise<PracticeSite> {
  const bucket = await mkdtemp(join(tmpdir(), 'bowsprit-pages-'));
  const app = buildGateway({
    database,
    openStorage,
    plugins: [HOLD],
    snapshot: () => undefined,
    links: {
      temporalUi: 'http://127.0.0.1:8233/namespaces/default',
      githubUrl: 'https://github.com',
    },
    hmac: fixedHmacSecrets('x'),
    temporal: { signalWithStart: async () => {} },
    log: createLogger('gateway', { level: 'fatal' }),
  });
  return { app, bucket };
}

/** The UUID of the n-th run. */
export function uuidOf(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

/** Publishes a run; its files lie in the bucket under its UUID. */
export async function publishRun(
  database: Database,
  { bucket }: Pick<PracticeSite, 'bucket'>,
  n: number,
  over: Partial<RunRecord> = {},
): Promise<RunRecord> {
  const run: RunRecord = {
    uuid: uuidOf(n),
    version: 1,
    org: 'Acme',
    repo: 'widgets',
    number: 7,
    job: 'unit',
    type: 'presubmit',
    state: 'pending',
    context: 'unit',
    buildId: `19000000000000000${n}`,
    description: 'Job triggered.',
    author: 'ann',
    baseRef: 'main',
    headSha: 'b'.repeat(40),
    cluster: 'default',
    url: `http://127.0.0.1/view/file/bucket/pr-logs/pull/Acme_widgets/7/unit/19000000000000000${n}`,
    owner: 'pr/acme/widgets/7',
    logLocation: pathToFileURL(join(bucket, uuidOf(n))).href,
    createdAt: new Date(Date.UTC(2026, 10, 23, 10, 0, n)).toISOString(),
    completedAt: null,
    prowjob: {
      apiVersion: 'prow.k8s.io/v1',
      kind: 'ProwJob',
      metadata: { name: uuidOf(n), labels: { a: 'b' }, annotations: { c: 'd' } },
      spec: {
        type: 'presubmit',
        job: 'unit',
        rerun_command: '/test unit',
        refs: {
          org: 'Acme',
          repo: 'widgets',
          base_ref: 'main',
          base_sha: 'a'.repeat(40),
          pulls: [{ number: 7, author: 'ann', sha: 'b'.repeat(40), title: 'Make it better' }],
        },
        decoration_config: { timeout: '2h0m0s' },
        pod_spec: {
          containers: [
            {
              image: 'alpine',
              env: [
                { name: 'API_TOKEN', value: 'hush' },
                { name: 'MODE', value: 'fast' },
              ],
            },
          ],
        },
      },
      status: { state: 'pending', startTime: '2026-11-23T10:00:00Z' },
    },
    ...over,
  };
  await saveRun(database, run);
  return run;
}

/** Writes to the log of the n-th run. */
export async function writeLog(
  { bucket }: Pick<PracticeSite, 'bucket'>,
  n: number,
  text: string,
): Promise<void> {
  await mkdir(join(bucket, uuidOf(n), 'artifacts'), { recursive: true });
  await appendFile(join(bucket, uuidOf(n), 'build-log.txt'), text);
}

/** Stores an artifact of the n-th run. */
export async function writeArtifact(
  { bucket }: Pick<PracticeSite, 'bucket'>,
  n: number,
  [name, content]: readonly [string, string],
): Promise<void> {
  await mkdir(join(bucket, uuidOf(n), 'artifacts'), { recursive: true });
  await writeFile(join(bucket, uuidOf(n), 'artifacts', name), content);
}

function member(number: number, over: Partial<PoolMember> = {}): PoolMember {
  return {
    number,
    generation: 1,
    title: `Change ${number} <b>boldly</b>`,
    author: 'ann',
    headSha: 'b'.repeat(40),
    headRef: 'topic',
    baseRef: 'main',
    htmlUrl: `https://github.com/Acme/widgets/pull/${number}`,
    labels: ['lgtm'],
    updatedAt: '2026-11-23T10:00:00Z',
    eligible: true,
    explanation: 'In merge pool.',
    requirements: [],
    contexts: [
      { context: 'unit', job: 'unit', state: 'success', baseSha: 'a'.repeat(40), anyBase: false },
    ],
    unfinished: [],
    mergeMethod: 'merge',
    configNumber: 1,
    configHash: 'x',
    ...over,
  };
}

const NEEDS_APPROVAL = {
  eligible: false,
  explanation: 'Needs approved label.',
  requirements: [
    {
      kind: 'label',
      subject: 'approved',
      met: false,
      fact: 'The label is not there.',
      clearedBy: 'An approver says /approve: ann, bob.',
    },
    { kind: 'label', subject: 'lgtm', met: true, fact: 'Since 10:00.', clearedBy: '' },
  ],
};

/** Publishes a pool with two that may merge and one that may not, its history, and that one's record. */
export async function publishPool(database: Database, version = 1): Promise<void> {
  const place = { org: 'Acme', repo: 'widgets', branch: 'main' };
  const snapshot: PoolSnapshot = {
    ...place,
    version,
    baseSha: 'a'.repeat(40),
    action: 'MERGE_BATCH',
    target: [5, 6],
    reason: 'The batch passed.',
    error: '',
    updatedAt: '2026-11-23T10:00:00Z',
    members: [member(5), member(6), member(7, NEEDS_APPROVAL)],
    batches: [],
  };
  await savePool(database, { ...place, version, snapshot });
  const target = [{ number: 5, author: 'ann', title: 'Change 5', sha: 'b'.repeat(40) }];
  const record = {
    key: 'k',
    time: '',
    action: 'MERGE',
    baseSha: 'a'.repeat(40),
    target,
    error: '',
  };
  await appendMergeRecord(database, { ...place, key: 'k', at: '2026-11-23T10:00:00.000Z', record });
}

/** Publishes the pull request that is not ready, and one decision on it. */
export async function publishPull(database: Database, version = 1, title = 'Make it better') {
  const record = {
    number: 7,
    title,
    author: 'ann',
    state: 'open',
    headSha: 'b'.repeat(40),
    headRef: 'topic',
    baseRef: 'main',
    htmlUrl: 'https://github.com/Acme/widgets/pull/7',
    labels: { lgtm: { present: true, at: '' }, gone: { present: false, at: '' } },
    statuses: {
      unit: {
        state: 'success',
        description: 'Job succeeded.',
        targetUrl: 'javascript:alert(1)',
        at: '',
      },
    },
  };
  await savePullRequest(database, { org: 'Acme', repo: 'widgets', number: 7, version, record });
  await saveDecision(database, {
    id: 'd1',
    entity: 'pr/acme/widgets/7',
    at: '2026-11-23T10:00:00Z',
    configHash: 'x',
    events: [{ key: 'comment:1:created', kind: 'comment', sender: 'bob' }],
    effects: [],
    reasons: [{ plugin: 'lgtm', reason: 'bob may say /lgtm.' }],
  });
}

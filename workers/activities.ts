import { readFile } from 'node:fs/promises';
import { activityInfo, heartbeat } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { ConfigStore } from '../activities/active-config.ts';
import { createBuryActivity } from '../activities/bury-event.ts';
import { createConfigActivities, repositoriesOf } from '../activities/config/config-activities.ts';
import type { Database } from '../activities/database/database.ts';
import { pullRequestsByHead } from '../activities/database/open-heads.ts';
import { createPurgeActivities } from '../activities/database/purge.ts';
import { decide } from '../activities/decide/decide.ts';
import { createDecisionLog } from '../activities/decide/decision-log.ts';
import { createGitFacts } from '../activities/decide/git-facts.ts';
import { createGitHubFacts } from '../activities/decide/github-facts.ts';
import type { DecisionSources } from '../activities/decide/sources.ts';
import { createMirror, type Mirror } from '../activities/git/mirror.ts';
import { createEffectActivities } from '../activities/github/apply-effect.ts';
import { createGitHub, type GitHub } from '../activities/github/client.ts';
import { databaseEtags } from '../activities/github/http/etag-store.ts';
import { createMergeActivity } from '../activities/github/merge.ts';
import { readBranchHead, readPullsOfCommit } from '../activities/github/read/commits.ts';
import { createInRepoSource } from '../activities/in-repo.ts';
import { createPoolActivities } from '../activities/pool.ts';
import { createRepairActivities } from '../activities/repair/redeliver.ts';
import { notingStatuses } from '../activities/reporting/note-statuses.ts';
import { createConflictActivities } from '../activities/solved-conflicts.ts';
import { createTellActivity, deliver } from '../activities/tell.ts';
import { queriesFor } from '../config/tide.ts';
import type {
  BranchPorts,
  CommitPorts,
  ConfigPorts,
  DecidePorts,
  EffectPorts,
  PoolPorts,
  PurgePorts,
  RepairPorts,
  TellPorts,
} from '../workflows/ports.ts';
import type { WorkerCommandOptions } from './options.ts';
import { cloneUrlOf } from './urls.ts';
import { VERSION } from './version.ts';

/** What a worker's activities are made of. */
export interface WorkerParts {
  readonly options: WorkerCommandOptions;
  readonly client: Client;
  readonly database: Database;
  readonly config: ConfigStore;
  readonly registry: Registry;
  readonly log: Logger;
}

/** All activities of the core queue but those on runs. */
export function createCoreActivities(
  parts: WorkerParts,
): DecidePorts &
  EffectPorts &
  TellPorts &
  CommitPorts &
  PoolPorts &
  BranchPorts &
  RepairPorts &
  PurgePorts &
  ConfigPorts {
  const { options, client, database, config } = parts;
  const github = createGitHubClient(parts);
  const mirror = mirrorOf(options);
  const inRepo = createInRepoSource({
    mirror,
    keep: config.keepInRepo,
    registry: parts.registry,
    cacheSize: options.inRepoCacheSize,
  });
  const effects = createEffectActivities({ github });
  const sources = { ...createSources(parts, github, mirror), inRepo };
  return {
    decide: (input) => decide(input, sources),
    ...createBuryActivity({ database, github, registry: parts.registry }),
    ...effects,
    writeStatus: notingStatuses(database, effects.writeStatus),
    ...createTellActivity(client),
    ...createConfigActivities({
      store: config,
      database,
      tell: (message) => deliver(client, message),
      heartbeat,
      heartbeatDetails: () => activityInfo().heartbeatDetails,
    }),
    ...createMergeActivity({
      github,
      queries: async ({ org, repo }, hash) => queriesFor(await config.byHash(hash), org, repo),
    }),
    ...createPoolActivities({
      config: config.current,
      readBaseSha: async (repository, branch) => {
        const head = await readBranchHead(github, { repository, branch }, { fresh: true });
        if (head === undefined) throw new Error(`the branch ${branch} does not exist any more`);
        return head;
      },
      git: mirror,
      inRepo,
      db: database,
    }),
    ...createConflictActivities({
      db: database,
      git: mirror,
      warn: (reason) => parts.log.warn({ reason }, 'a conflict is not looked at'),
    }),
    ...createPurgeActivities(database),
    ...createRepairActivities({
      github,
      repositories: async () => repositoriesOf((await config.current(0)).snapshot),
      log: parts.log,
    }),
    pullRequestsOfCommit: async (repository, sha) => {
      const known = await pullRequestsByHead(database, { ...repository, sha });
      if (known.length > 0) return known.map(({ number }) => number);
      return readPullsOfCommit(github, { repository, sha });
    },
  };
}

function createGitHubClient({ options, database, registry }: WorkerParts): GitHub {
  const { endpoint, tokenPath } = options.github;
  return createGitHub({
    endpoint,
    token: { file: tokenPath ?? '' },
    version: VERSION,
    dryRun: options.dryRun,
    etags: databaseEtags(database),
    registry,
  });
}

function mirrorOf(options: WorkerCommandOptions): Mirror {
  const { tokenPath } = options.github;
  return createMirror({
    cacheDir: `${options.stateDir}/git`,
    cloneUrl: cloneUrlOf(options.github),
    credentials: async () =>
      tokenPath === undefined ? undefined : (await readFile(tokenPath, 'utf8')).trim(),
  });
}

function createSources(parts: WorkerParts, client: GitHub, mirror: Mirror): DecisionSources {
  const { config, database, log } = parts;
  const github = createGitHubFacts(client);
  return {
    config: config.current,
    github,
    git: createGitFacts({ mirror, github, config: config.current }),
    log: createDecisionLog(database),
    warn: (message, fields) => log.warn(fields, message),
  };
}

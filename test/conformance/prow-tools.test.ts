import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type GitHub, startGitHub } from '../github/server.ts';
import { describeWith } from '../tools.ts';
import { type ProwTool, prowPath } from './prow-programs.ts';

const run = promisify(execFile);

const ORGANISATION = {
  orgs: {
    acme: {
      name: 'Acme',
      default_repository_permission: 'read',
      admins: ['ann', 'dora'],
      members: ['bob', 'carol'],
      teams: {
        'Core Team': {
          description: 'The core',
          privacy: 'closed',
          maintainers: ['ann'],
          members: ['bob'],
          repos: { shop: 'write' },
          teams: { inner: { description: 'Inside', privacy: 'closed', members: ['bob'] } },
        },
      },
      repos: {
        shop: { description: 'A shop', default_branch: 'main' },
        fresh: { description: 'A new one', private: true },
      },
    },
  },
};
const PROTECTION = {
  prowjob_namespace: 'default',
  pod_namespace: 'default',
  'branch-protection': {
    orgs: {
      acme: {
        repos: {
          shop: {
            protect: true,
            required_status_checks: { contexts: ['unit', 'lint'] },
            enforce_admins: true,
            required_pull_request_reviews: {
              required_approving_review_count: 1,
              dismiss_stale_reviews: true,
            },
            restrictions: { users: ['bob'], teams: ['core-team'] },
          },
        },
      },
    },
  },
};
const PERIBOLOS = [
  '--min-admins=2',
  '--require-self=false',
  '--maximum-removal-delta=1',
  ...['org', 'org-members', 'teams', 'team-members', 'team-repos', 'repos'].map(
    (part) => `--fix-${part}`,
  ),
];

describeWith(['prow-tools', 'git'], 'the tools of Prow that set GitHub up', () => {
  let github: GitHub;
  let scratch: string;

  beforeAll(async () => {
    github = await startGitHub();
    scratch = await mkdtemp(join(tmpdir(), 'bowsprit-prow-tools-'));
    await writeFile(join(scratch, 'token'), 'token-of-ann');
    await github.control.seed({
      users: ['carol'],
      tokens: { 'token-of-ann': 'ann' },
      orgs: { acme: { admins: ['ann', 'dora'], members: ['bob', 'eve'] } },
      repos: [{ name: 'acme/shop', files: { a: 'a\n' } }],
    });
  });
  beforeEach(() => github.control.resetLedger());
  afterAll(async () => {
    await github.close();
    await rm(scratch, { recursive: true, force: true });
  });

  /** Runs a tool on a configuration; returns what it wrote to GitHub. */
  async function writesOf(
    tool: ProwTool,
    configuration: object,
    more: readonly string[] = [],
  ): Promise<readonly string[]> {
    const file = join(scratch, `${tool}.yaml`);
    await writeFile(file, stringify(configuration));
    github.control.resetLedger();
    const args = [
      `--config-path=${file}`,
      `--github-endpoint=${github.url}/api/v3`,
      `--github-token-path=${join(scratch, 'token')}`,
      '--github-hourly-tokens=0',
      '--confirm',
      ...more,
    ];
    await run(prowPath(tool), args, { timeout: 60_000, maxBuffer: 16 * 1024 * 1024 });
    const written = github.control.ledger().filter(({ method }) => method !== 'GET');
    expect(written.filter(({ status }) => status >= 300)).toEqual([]);
    return written.map(({ method, route }) => `${method} ${route}`);
  }

  test('peribolos makes the organisation as it is configured, and then finds nothing to do', async () => {
    const first = await writesOf('peribolos', ORGANISATION, PERIBOLOS);
    const second = await writesOf('peribolos', ORGANISATION, PERIBOLOS);

    for (const call of ['PATCH /orgs/:org', 'POST /orgs/:org/teams', 'POST /orgs/:org/repos']) {
      expect(first).toContain(call);
    }
    expect(second).toEqual([]);
  }, 120_000);

  test('branchprotector protects a branch as it is configured, and then finds nothing to do', async () => {
    const first = await writesOf('branchprotector', PROTECTION);
    const second = await writesOf('branchprotector', PROTECTION);

    expect(first).toEqual(['PUT /repos/:owner/:repo/branches/:branch+/protection']);
    expect(second).toEqual([]);
  }, 120_000);

  test('neither asked for anything that the emulator does not have', () => {
    expect(github.control.missing()).toEqual({});
  });
});

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { SeedInput } from '../github/control/seed.ts';
import { BOT, ORG, PEOPLE, repositoryOf, SECRET, TOKEN, tokenOf } from './people.ts';
import type { Scenario } from './scenario.ts';

/** Prow's files and secrets in a folder, for whichever system reads them. */
export interface Files {
  readonly config: string;
  readonly plugins: string;
  readonly jobs: string;
  readonly token: string;
  readonly hmac: string;
}

/** Prow's periods: shorter ones cost more than they save, since all stories are played at once. */
function configYaml(scenarios: readonly Scenario[], podNamespace: string): unknown {
  const queries = scenarios.flatMap((scenario) =>
    scenario.query ? [{ repos: [repositoryOf(scenario.name)], ...scenario.query }] : [],
  );
  const methods = scenarios.flatMap((scenario) =>
    scenario.mergeMethod ? [[repositoryOf(scenario.name), scenario.mergeMethod]] : [],
  );
  const ownJobs = scenarios.filter(({ ownJobs }) => ownJobs === true);
  const contexts = scenarios.flatMap(({ name, contexts: found }) => (found ? [[name, found]] : []));
  return {
    pod_namespace: podNamespace,
    plank: { job_url_template: 'https://prow.example/view/{{.Spec.Job}}/{{.Status.BuildID}}' },
    in_repo_config: {
      enabled: Object.fromEntries(ownJobs.map(({ name }) => [repositoryOf(name), true])),
    },
    tide: {
      sync_period: '2s',
      status_update_period: '2s',
      queries,
      merge_method: Object.fromEntries(methods),
      squash_label: 'tide/merge-method-squash',
      rebase_label: 'tide/merge-method-rebase',
      merge_label: 'tide/merge-method-merge',
      context_options: { orgs: { [ORG]: { repos: Object.fromEntries(contexts) } } },
    },
  };
}

function pluginsYaml(scenarios: readonly Scenario[]): unknown {
  const settings: Record<string, unknown[]> = {};
  for (const scenario of scenarios) {
    for (const [section, values] of Object.entries(scenario.settings ?? {})) {
      const known = settings[section] ?? [];
      settings[section] = [...known, { repos: [repositoryOf(scenario.name)], ...values }];
    }
  }
  const plugins = scenarios.map((scenario) => [
    repositoryOf(scenario.name),
    { plugins: scenario.plugins },
  ]);
  return { plugins: Object.fromEntries(plugins), ...settings };
}

function jobsYaml(scenarios: readonly Scenario[]): unknown {
  const jobsOf = (kind: 'presubmits' | 'postsubmits'): unknown =>
    Object.fromEntries(
      scenarios.flatMap((scenario) => {
        const jobs = scenario[kind];
        return jobs === undefined ? [] : [[repositoryOf(scenario.name), jobs]];
      }),
    );
  return { presubmits: jobsOf('presubmits'), postsubmits: jobsOf('postsubmits') };
}

/** Writes what Prow's own flags point to. */
export async function writeFiles(
  folder: string,
  scenarios: readonly Scenario[],
  podNamespace: string,
): Promise<Files> {
  await mkdir(folder, { recursive: true });
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o644 });
    return path;
  };
  return {
    config: await write('config.yaml', stringify(configYaml(scenarios, podNamespace))),
    plugins: await write('plugins.yaml', stringify(pluginsYaml(scenarios))),
    jobs: await write('jobs.yaml', stringify(jobsYaml(scenarios))),
    token: await write('token', TOKEN),
    hmac: await write('hmac', SECRET),
  };
}

const LABELS = [
  ...['lgtm', 'approved', 'do-not-merge/hold', 'ok-to-test', 'needs-ok-to-test'],
  ...['size/XS', 'size/S', 'size/M', 'size/L', 'size/XL', 'size/XXL'],
  ...['tide/merge-method-squash', 'tide/merge-method-rebase', 'tide/merge-method-merge'],
];
const OWNERS = `approvers:\n- ${PEOPLE.reviewer}\n- ${PEOPLE.owner}\nreviewers:\n- ${PEOPLE.reviewer}\n`;

/** The organisation: its people, a repository per scenario, and one hook that leads to the system. */
export function seedOf(scenarios: readonly Scenario[], hookUrl: string): SeedInput {
  const { writer, reviewer, owner, stranger } = PEOPLE;
  return {
    users: [writer, reviewer, owner, stranger, { login: BOT, type: 'User' }],
    tokens: {
      [TOKEN]: BOT,
      ...Object.fromEntries(Object.values(PEOPLE).map((login) => [tokenOf(login), login])),
    },
    orgs: {
      [ORG]: {
        members: [writer, reviewer, BOT],
        admins: [owner],
        hooks: [{ url: hookUrl, secret: SECRET }],
      },
    },
    repos: scenarios.map(({ name, repository }) => ({
      labels: LABELS,
      ...repository,
      name: repositoryOf(name),
      files: { OWNERS, 'README.md': 'A shop.\n', ...repository?.files },
      collaborators: { [reviewer]: 'write', [BOT]: 'admin', ...repository?.collaborators },
    })),
  };
}

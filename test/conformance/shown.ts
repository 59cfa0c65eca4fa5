import { z } from 'zod';
import { plain } from '../github/control/plain-text.ts';

const command = z.looseObject({ Usage: z.string(), Featured: z.boolean() });
const plugin = z.looseObject({
  Events: z.array(z.string()),
  Config: z.record(z.string(), z.string()).nullable(),
  Commands: z.array(command).nullable(),
});
const help = z.looseObject({
  AllRepos: z.array(z.string()),
  RepoPlugins: z.record(z.string(), z.array(z.string())),
  PluginHelp: z.record(z.string(), plugin),
});

function keys(value: object | undefined): readonly string[] {
  return Object.keys(value ?? {}).sort();
}

/** What of `/plugin-help` must be alike, for these plugins; the sentences are each system's own. */
export function helpShown(document: unknown, plugins: readonly string[]): unknown {
  const { AllRepos, RepoPlugins, PluginHelp, ...rest } = help.parse(document);
  const { '': all = [], ...byRepository } = RepoPlugins;
  return {
    keys: keys(rest),
    repositories: AllRepos,
    byRepository,
    known: plugins.filter((name) => all.includes(name)),
    plugins: plugins.map((name) => ({
      name,
      keys: keys(PluginHelp[name]).filter((key) => key !== 'Snippet'),
      events: [...(PluginHelp[name]?.Events ?? [])].sort(),
      commandKeys: [...new Set((PluginHelp[name]?.Commands ?? []).flatMap(keys))].sort(),
    })),
  };
}

/** Of a pull request in a pool Prow shows its whole search result; these are what pages and tools read of it. */
const pull = z.object({
  Number: z.number(),
  Title: z.string(),
  HeadRefOID: z.string(),
  Mergeable: z.string(),
});
const pulls = z.array(pull).nullable();
const pools = z
  .array(
    z.looseObject({
      Org: z.string(),
      Repo: z.string(),
      SuccessPRs: pulls,
      PendingPRs: pulls,
      MissingPRs: pulls,
      BatchPending: pulls,
      Target: pulls,
    }),
  )
  .nullable();

/** The merge pools of a repository. */
export function poolsShown(document: unknown, repository: string): unknown {
  const found = pools.parse(document) ?? [];
  const own = found.filter(({ Org, Repo }) => `${Org}/${Repo}` === repository);
  return JSON.parse(plain(JSON.stringify(own), new Map()));
}

const runRecord = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    annotations: z.record(z.string(), z.string()),
    labels: z.record(z.string(), z.string()),
  }),
  spec: z.looseObject({
    job: z.string(),
    type: z.string(),
    refs: z.looseObject({ repo: z.string() }).optional(),
  }),
  status: z.looseObject({}),
});

/** Links to what a run tests, which Tide leaves out of a batch; where its pod is; and when it was reported. */
const NOT_COMPARED = ['base_link', 'author_link', 'commit_link', 'link', 'repo_link', 'namespace'];
const REPORTED = 'prev_report_states';

/** Of each run by its own: which build it was. */
const OWN = /^prow\.k8s\.io\/(id|build-id|refs\.base_sha)$|^bowsprit\//;

/** A record of a job's in a repository (of its kind all are alike): all that is no id, time, link or commit. */
export function runShown(
  records: readonly unknown[],
  { repo, job, type }: { readonly repo: string; readonly job: string; readonly type: string },
): unknown {
  const all = records.map((one) => runRecord.parse(one));
  const found = all.find(
    ({ spec }) => spec.job === job && spec.type === type && spec.refs?.repo === repo,
  );
  if (found === undefined) return undefined;
  const own = (map: Readonly<Record<string, string>>): unknown =>
    Object.fromEntries(Object.entries(map).filter(([key]) => !OWN.test(key)));
  const { apiVersion, kind, metadata, spec, status } = found;
  const shown = {
    apiVersion,
    kind,
    labels: own(metadata.labels),
    annotations: own(metadata.annotations),
    spec,
    status: keys(status).filter((key) => key !== REPORTED),
  };
  const without = (key: string, value: unknown): unknown =>
    NOT_COMPARED.includes(key) ? undefined : value;
  return JSON.parse(plain(JSON.stringify(shown, without), new Map()));
}

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runChecks } from '../../config/checks/run-checks.ts';
import { chosenWarnings } from '../../config/checks/warnings.ts';
import { readConfigFiles } from '../../config/load.ts';
import { inspectConfig } from '../../config/parse.ts';
import type { Placed } from '../../config/prow/collect-jobs.ts';
import type { Periodic, Presubmit } from '../../config/prow/jobs.ts';
import type { ConfigFiles } from '../../config/reading.ts';
import type { Remark } from '../../workers/cli/checkconfig-report.ts';
import { remarkOf } from '../../workers/cli/checkconfig-report.ts';
import type { Fault, Target } from './faults.ts';
import {
  configFaults,
  jobFaults,
  periodicFaults,
  pluginFaults,
  presubmitFaults,
} from './faults.ts';

const run = promisify(execFile);
const corpus = process.env['BOWSPRIT_CORPUS'] ?? '';
const name =
  corpus === ''
    ? 'a fault in a real configuration (needs BOWSPRIT_CORPUS)'
    : 'a fault in a real configuration';

const warnings = chosenWarnings({
  warnings: ['unknown-fields-all'],
  excludeWarning: [],
  includeDefaultWarnings: true,
  expensiveChecks: false,
  githubApp: false,
});

async function remarksOn(files: ConfigFiles): Promise<readonly Remark[]> {
  const subject = inspectConfig(files);
  if (subject.problems.length > 0) {
    return subject.problems.map((problem) => ({ level: 'error', ...problem }));
  }
  const context = { warnings, requiredAnnotations: [], folders: { prow: [], plugins: [] } };
  return (await runChecks(subject, context)).map((finding) => remarkOf(finding, subject));
}

function withText(files: ConfigFiles, path: string, text: string): ConfigFiles {
  const changed = (file: { readonly name: string; readonly text: string }) =>
    file.name === path ? { ...file, text } : file;
  return {
    ...files,
    config: changed(files.config),
    ...(files.plugins && { plugins: changed(files.plugins) }),
    jobs: (files.jobs ?? []).map(changed),
  };
}

describe.skipIf(corpus === '')(name, () => {
  let folder = '';
  let files: ConfigFiles;
  let baseline: ReadonlySet<string>;
  let lists: readonly (readonly Placed<Presubmit>[])[] = [];
  let presubmits: readonly Placed<Presubmit>[] = [];
  let periodics: readonly Placed<Periodic>[] = [];
  const keyOf = ({ level, file, why }: Remark) => JSON.stringify([level, file, why]);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bowsprit-faults-'));
    await run('tar', ['-xJf', join(corpus, 'istio.tar.xz'), '-C', folder]);
    const root = join(folder, 'prow', 'aws');
    files = await readConfigFiles({
      configPath: join(root, 'config.yaml'),
      pluginConfigPath: join(root, 'plugins.yaml'),
      jobConfigPath: join(root, 'cluster', 'jobs'),
    });
    const { jobs } = inspectConfig(files);
    lists = [...jobs.presubmits.values()];
    presubmits = lists.flat().filter(earlierBeside);
    periodics = jobs.periodics.filter(({ job }) => job.cron !== '');
    baseline = new Set((await remarksOn(files)).map(keyOf));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const textOf = (path: string) =>
    [files.config, files.plugins, ...(files.jobs ?? [])].find((file) => file?.name === path)
      ?.text ?? '';

  async function check(fault: Fault, target: Target): Promise<void> {
    const { text, line } = fault.make(textOf(target.file), target);
    const remarks = await remarksOn(withText(files, target.file, text));
    const fresh = remarks.filter((remark) => !baseline.has(keyOf(remark)));
    const said = fresh.map(({ level, file, line: at, why }) => ({ level, file, line: at, why }));
    const why = expect.stringContaining(fault.says);
    expect(said, target.name).toEqual([{ level: fault.level, file: target.file, line, why }]);
  }

  // Jobs far apart in the list, so that every fault is made in several files.
  function spread(all: readonly Placed<Presubmit | Periodic>[], count: number): readonly Target[] {
    const step = Math.max(1, Math.floor(all.length / count));
    return all
      .filter((_, index) => index % step === 0)
      .slice(0, count)
      .map((placed) => ({
        ...placed.place,
        name: placed.job.name,
        other: earlierBeside(placed) ?? { name: '', context: '' },
      }));
  }

  // The later of two that clash is the one that is named; jobs of one file run on one branch here.
  function earlierBeside({ job, place }: Placed<Presubmit | Periodic>) {
    const list = lists.find((one) => one.some((placed) => placed.job === job)) ?? [];
    return list
      .slice(
        0,
        list.findIndex((placed) => placed.job === job),
      )
      .find((placed) => placed.place.file === place.file)?.job;
  }

  test.for(jobFaults)('in a job, $what', async (fault) => {
    for (const target of [...spread(presubmits, 2), ...spread(periodics, 1)]) {
      await check(fault, target);
    }
  });

  test.for(presubmitFaults)('in a presubmit, $what', async (fault) => {
    for (const target of spread(presubmits, 2)) await check(fault, target);
  });

  test.for(periodicFaults)('in a periodic, $what', async (fault) => {
    for (const target of spread(periodics, 2)) await check(fault, target);
  });

  const whole = (file: string): Target => ({
    file,
    path: [],
    name: file,
    other: { name: '', context: '' },
  });

  test.for(configFaults)('in config.yaml, $what', (fault) =>
    check(fault, whole(files.config.name)),
  );

  test.for(pluginFaults)('in plugins.yaml, $what', (fault) =>
    check(fault, whole(files.plugins?.name ?? '')),
  );

  test('there are more than a hundred of them', () => {
    const made =
      jobFaults.length * 3 +
      (presubmitFaults.length + periodicFaults.length) * 2 +
      configFaults.length +
      pluginFaults.length;
    expect(made).toBeGreaterThan(100);
  });
});

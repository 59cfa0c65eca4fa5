import { dirname } from 'node:path';
import type { ClusterStates } from '../../config/checks/cluster-check.ts';
import { unreachableClusters } from '../../config/checks/cluster-check.ts';
import type { Finding } from '../../config/checks/finding.ts';
import type { Hub } from '../../config/checks/github-checks.ts';
import { runChecks } from '../../config/checks/run-checks.ts';
import type { CheckSubject } from '../../config/checks/subject.ts';
import { unknownFieldsInRepo } from '../../config/checks/unknown-fields.ts';
import { WARNINGS, warningNames } from '../../config/checks/warnings.ts';
import type { InRepoReading } from '../../config/in-repo.ts';
import { inspectInRepo, readInRepoFiles } from '../../config/in-repo.ts';
import { inspectConfigAt } from '../../config/load.ts';
import type { Problem } from '../../config/problem.ts';
import { ConfigError } from '../../config/problem.ts';
import { OptionsError } from '../option-values.ts';
import { readClusterStates } from './checkconfig-clusters.ts';
import type { CheckconfigOptions } from './checkconfig-options.ts';
import { parseCheckconfigOptions } from './checkconfig-options.ts';
import type { Printer, Remark } from './checkconfig-report.ts';
import { createPrinter, remarkOf } from './checkconfig-report.ts';

/** Checks a configuration, says what it found, and gives the exit code. */
export async function runCheckconfig(flags: unknown): Promise<number> {
  const options = parseCheckconfigOptions(flags);
  if (options.listWarnings) return listWarnings();
  const printer = createPrinter(options.output, process.stdout);
  for (const name of options.excludedInVain) {
    printer.note(`--exclude-warning: there is no warning ${name}, so it excludes nothing.`);
  }
  const remarks = await remarksOn(options, printer);
  for (const remark of remarks) printer.say(remark);
  const count = (level: Remark['level']) => remarks.filter((one) => one.level === level).length;
  const counts = { error: count('error'), warning: count('warning') };
  printer.verdict(counts, options.strict);
  return counts.error > 0 || (options.strict && counts.warning > 0) ? 1 : 0;
}

async function remarksOn(
  options: CheckconfigOptions,
  printer: Printer,
): Promise<readonly Remark[]> {
  try {
    const subject = await inspectConfigAt(options.paths);
    // As in Prow, what does not load is not looked at any further.
    if (subject.problems.length > 0) return subject.problems.map(asError);
    const inRepository = await inRepositoryProblems(options, subject);
    if (inRepository.length > 0) return inRepository;
    return await warningsOn(subject, options, printer);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(asError);
    throw error;
  }
}

async function warningsOn(
  subject: CheckSubject,
  options: CheckconfigOptions,
  printer: Printer,
): Promise<readonly Remark[]> {
  const hub = await hubFor(options, subject);
  const clusters = await clustersFor(subject, options, printer);
  const { supplementalConfigDirs: prow = [], supplementalPluginConfigDirs: plugins = [] } =
    options.paths;
  const findings = await runChecks(subject, {
    warnings: options.warnings,
    requiredAnnotations: options.requiredAnnotations,
    folders: { prow, plugins },
    ...(clusters && { clusters }),
    ...(hub && { hub }),
  });
  return findings.map((finding) => remarkOf(finding, subject));
}

async function hubFor(
  { warnings, github }: CheckconfigOptions,
  { sources }: CheckSubject,
): Promise<Hub | undefined> {
  const presence = warnings.has('verify-owners-presence') && sources.plugins !== undefined;
  if (presence && github.tokenPath === undefined) {
    throw new OptionsError(
      '--github-token-path: it is needed to look for OWNERS files; give it, or --exclude-warning=verify-owners-presence.',
    );
  }
  if (!presence && !warnings.has('validate-github-app-installation')) return undefined;
  const { createHub } = await import('./checkconfig-hub.ts');
  return createHub(github);
}

async function clustersFor(
  subject: CheckSubject,
  { warnings }: CheckconfigOptions,
  printer: Printer,
): Promise<ClusterStates | undefined> {
  const location = subject.snapshot.prow.plank.build_cluster_status_file;
  if (location === '' || !warnings.has('validate-cluster-field')) return undefined;
  const states = await readClusterStates(location, printer.note);
  if (states === undefined) return undefined;
  for (const cluster of unreachableClusters(subject, states)) {
    printer.note(
      `jobs are for the cluster ${cluster}, which cannot be reached: ${states[cluster]}.`,
    );
  }
  return states;
}

async function inRepositoryProblems(
  { repository, warnings }: CheckconfigOptions,
  { snapshot, jobs }: CheckSubject,
): Promise<readonly Remark[]> {
  if (repository === undefined) return [];
  const { name, path } = repository;
  const files = await readInRepoFiles(path === undefined ? process.cwd() : dirname(path));
  const reading = inspectInRepo(files, { repository: name, prow: snapshot.prow, jobs });
  const unknown = warnings.has('unknown-fields-all') ? unknownFieldsInRepo(reading.sources) : [];
  return [...reading.problems.map(asError), ...unknown.map((one) => refusalOf(one, reading))];
}

// Prow reads a repository's own files strictly where it is asked to find unknown keys.
function refusalOf(finding: Finding, reading: InRepoReading): Remark {
  const { warning: _, ...remark } = remarkOf(finding, reading);
  return { ...remark, level: 'error' };
}

function asError(problem: Problem): Remark {
  return { level: 'error', ...problem };
}

function listWarnings(): number {
  for (const name of warningNames()) {
    const { group, finds } = WARNINGS[name];
    process.stdout.write(`${name.padEnd(52)}${group.padEnd(10)}${finds}\n`);
  }
  return 0;
}

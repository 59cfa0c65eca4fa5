import type { Report } from '../problem.ts';
import { patternProblem } from '../re2.ts';
import { listOf, recordOf } from '../relocate.ts';
import { templateProblem } from '../template/template.ts';
import { urlProblem } from '../url.ts';
import { allowedClientProblems } from './check-gangway.ts';
import type { ProwConfig } from './config-file.ts';

type Complain = (path: readonly PropertyKey[], why: string, next: string) => void;

const LEVELS = ['panic', 'fatal', 'error', 'warn', 'warning', 'info', 'debug', 'trace'];

/** Reports what Prow refuses in the sections of its components (J§4.2). */
export function checkComponents(config: ProwConfig, file: string, report: Report): void {
  const complain: Complain = (path, why, next) => report({ file, path }, why, next);
  if (!LEVELS.includes(config.log_level.toLowerCase() || 'info')) {
    complain(['log_level'], `there is no level ${config.log_level}`, `Use ${LEVELS.join(', ')}.`);
  }
  checkAddresses(config, complain);
  checkSlack(config, complain);
  checkSpyglass(config, complain);
  checkRerun(config, complain);
  const { include, exclude } = config['branch-protection'];
  if (include.length > 0 && exclude.length > 0) {
    complain(['branch-protection', 'exclude'], 'include is set too', 'Keep one of the two.');
  }
  for (const { path, why } of allowedClientProblems(config.gangway)) {
    complain(['gangway', 'allowed_api_clients', ...path], why, 'Correct the client.');
  }
  const pattern = patternProblem(config.gerrit.allowed_presubmit_trigger_re);
  if (pattern !== undefined) {
    complain(['gerrit', 'allowed_presubmit_trigger_re'], pattern, 'Correct the pattern.');
  }
}

function checkAddresses({ plank, gerrit, github }: ProwConfig, complain: Complain): void {
  const addresses = [
    ...Object.entries(plank.job_url_prefix_config).map(
      ([key, url]) => [['plank', 'job_url_prefix_config', key], url] as const,
    ),
    [['gerrit', 'deck_url'], gerrit.deck_url],
    [['github', 'link_url'], github.link_url],
  ] as const;
  for (const [path, url] of addresses) {
    const problem = urlProblem(url);
    if (problem !== undefined) complain(path, `this is no address: ${problem}`, 'Correct it.');
  }
}

function checkSlack({ slack_reporter_configs: all }: ProwConfig, complain: Complain): void {
  for (const [key, value] of Object.entries(all)) {
    const slack = recordOf(value) ?? {};
    const path = ['slack_reporter_configs', key];
    if (!slack['channel']) complain(path, 'it has no channel', 'Set channel.');
    const problem = templateProblem(String(slack['report_template'] ?? ''));
    if (problem !== undefined) {
      complain([...path, 'report_template'], problem, 'Correct the template.');
    }
  }
}

function checkSpyglass({ deck }: ProwConfig, complain: Complain): void {
  const { spyglass = {} } = deck;
  if (Number(spyglass['size_limit'] ?? 0) < 0) {
    complain(['deck', 'spyglass', 'size_limit'], 'this must not be negative', 'Correct it.');
  }
  listOf(spyglass['lenses']).forEach((lens, index) => {
    for (const key of ['required_files', 'optional_files']) {
      listOf(recordOf(lens)?.[key]).forEach((pattern, at) => {
        const problem = patternProblem(String(pattern));
        const path = ['deck', 'spyglass', 'lenses', index, key, at];
        if (problem !== undefined) complain(path, problem, 'Correct the pattern.');
      });
    }
  });
}

function checkRerun({ deck }: ProwConfig, complain: Complain): void {
  const { rerun_auth_configs: mapped = {}, default_rerun_auth_configs: listed = [] } = deck;
  if (Object.keys(mapped).length > 0 && listed.length > 0) {
    const why = 'default_rerun_auth_configs is set too';
    complain(['deck', 'rerun_auth_configs'], why, 'Keep default_rerun_auth_configs only.');
  }
  const entries = [
    ...Object.entries(mapped).map(([key, value]) => [['rerun_auth_configs', key], value] as const),
    ...listed.map(
      (entry, index) => [['default_rerun_auth_configs', index, 'config'], entry['config']] as const,
    ),
  ];
  for (const [path, value] of entries) {
    const { allow_anyone: anyone, ...lists } = recordOf(value) ?? {};
    const named = Object.values(lists).some((list) => listOf(list).length > 0);
    if (anyone === true && named) {
      complain(['deck', ...path], 'anyone may rerun, and some are named', 'Keep one of the two.');
    }
  }
  if (deck.skip_storage_path_validation && deck.additional_allowed_buckets.length > 0) {
    const why = 'skip_storage_path_validation lets any bucket be shown';
    const next = 'Set skip_storage_path_validation: false, or remove the list.';
    complain(['deck', 'additional_allowed_buckets'], why, next);
  }
}

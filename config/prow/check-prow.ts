import type { Report } from '../problem.ts';
import { patternProblem } from '../re2.ts';
import { templateProblem } from '../template/template.ts';
import { checkComponents } from './check-components.ts';
import { queryProblems } from './check-queries.ts';
import type { ProwConfig } from './config-file.ts';
import type { Tide } from './tide.ts';

type Complain = (path: readonly PropertyKey[], why: string, next: string) => void;

/** Reports what Prow refuses in `config.yaml` beyond single fields (J§2.8, J§4.2). */
export function checkProw(config: ProwConfig, file: string, report: Report): void {
  const complain: Complain = (path, why, next) => report({ file, path }, why, next);
  config.tide.queries.forEach((query, index) => {
    for (const { field, why, next } of queryProblems(query)) {
      complain(['tide', 'queries', index, field], why, next);
    }
  });
  checkEither(config, complain);
  checkComponents(config, file, report);
  checkTemplates(config, complain);
  for (const [key, pattern] of methodPatterns(config.tide)) {
    const problem = patternProblem(pattern);
    if (problem !== undefined)
      complain(['tide', 'merge_method', key], problem, 'Correct the pattern.');
  }
  for (const type of config.github_reporter.job_types_to_report) {
    if (type !== 'presubmit' && type !== 'postsubmit') {
      const path = ['github_reporter', 'job_types_to_report'];
      complain(path, `${type} is not reported to GitHub`, 'Use presubmit and postsubmit only.');
    }
  }
  const denylist = config.owners_dir_denylist;
  for (const pattern of [...denylist.default, ...Object.values(denylist.repos).flat()]) {
    const problem = patternProblem(pattern);
    if (problem !== undefined) complain(['owners_dir_denylist'], problem, 'Correct the pattern.');
  }
}

function checkTemplates({ plank, tide }: ProwConfig, complain: Complain): void {
  const templates = [
    [['plank', 'job_url_template'], plank.job_url_template],
    ...Object.entries(plank.report_templates).map(
      ([key, template]) => [['plank', 'report_templates', key], template] as const,
    ),
    [['plank', 'report_template'], plank.report_template ?? ''],
    ...Object.entries(tide.merge_commit_template).flatMap(([key, { title, body }]) => [
      [['tide', 'merge_commit_template', key, 'title'], title] as const,
      [['tide', 'merge_commit_template', key, 'body'], body] as const,
    ]),
  ] as const;
  for (const [path, template] of templates) {
    const problem = templateProblem(template);
    if (problem !== undefined) complain(path, problem, 'Correct the template.');
  }
}

function methodPatterns({ merge_method }: Tide): readonly (readonly [string, string])[] {
  return Object.entries(merge_method).flatMap(([key, ofOrg]) =>
    typeof ofOrg === 'string'
      ? []
      : Object.values(ofOrg).flatMap((ofRepo) =>
          typeof ofRepo === 'string'
            ? []
            : Object.keys(ofRepo).map((pattern) => [key, pattern] as const),
        ),
  );
}

function checkEither({ tide, plank }: ProwConfig, complain: Complain): void {
  const exclusive = [
    ['tide', 'target_url', (tide.target_url ?? '') !== '', 'target_urls', tide.target_urls],
    [
      'tide',
      'pr_status_base_url',
      (tide.pr_status_base_url ?? '') !== '',
      'pr_status_base_urls',
      tide.pr_status_base_urls,
    ],
    [
      'plank',
      'report_template',
      (plank.report_template ?? '') !== '',
      'report_templates',
      plank.report_templates,
    ],
    [
      'plank',
      'default_decoration_configs',
      Object.keys(plank.default_decoration_configs).length > 0,
      'default_decoration_config_entries',
      plank.default_decoration_config_entries,
    ],
  ] as const;
  for (const [section, one, set, other, values] of exclusive) {
    if (set && Object.keys(values).length > 0) {
      complain([section, one], `${one} and ${other} are both set`, `Keep ${other} only.`);
    }
  }
  const urls = tide.pr_status_base_urls;
  if (Object.keys(urls).length > 0 && urls['*'] === undefined) {
    complain(['tide', 'pr_status_base_urls'], "the key '*' is missing", "Add a URL for '*'.");
  }
}

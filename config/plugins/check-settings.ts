import type { PluginsFile } from '../plugins-file.ts';
import type { Report } from '../problem.ts';
import { found, patternProblem } from '../re2.ts';
import { updaterMistakes } from './check-updater.ts';
import type { Mistake } from './mistake.ts';

/** Reports what Prow refuses in the settings of plugins beyond single fields (W§1). */
export function checkSettings(file: PluginsFile, name: string, report: Report): void {
  const mistakes = [
    ...patternMistakes(file),
    ...sizeMistakes(file),
    ...labelMistakes(file),
    ...updaterMistakes(file),
  ];
  for (const { path, why } of mistakes) {
    report({ file: name, path }, why, 'Correct the setting.');
  }
}

function patternMistakes(file: PluginsFile): readonly Mistake[] {
  const patterns = [
    [['sigmention', 'regexp'], file.sigmention.regexp],
    [['cherry_pick_unapproved', 'branchregexp'], file.cherry_pick_unapproved.branchregexp],
    [['heart', 'commentregexp'], file.heart.commentregexp],
    ...file.cherry_pick_approved.map(
      ({ branchregexp }, index) =>
        [['cherry_pick_approved', index, 'branchregexp'], branchregexp] as const,
    ),
    ...file.blockades.map(
      ({ branchregexp = '' }, index) =>
        [['blockades', index, 'branchregexp'], branchregexp] as const,
    ),
  ] as const;
  return patterns.flatMap(([path, pattern]) => {
    const why = patternProblem(pattern);
    return why === undefined ? [] : [{ path, why }];
  });
}

function sizeMistakes({ size: { s, m, l, xl, xxl } }: PluginsFile): readonly Mistake[] {
  const grows = s <= m && m <= l && l <= xl && xl <= xxl;
  return grows ? [] : [{ path: ['size'], why: 'a smaller size begins later than a larger one' }];
}

function labelMistakes({ require_matching_label: entries }: PluginsFile): readonly Mistake[] {
  return entries.flatMap((entry, index) => {
    const why = labelMistake(entry);
    return why === undefined ? [] : [{ path: ['require_matching_label', index], why }];
  });
}

function labelMistake(entry: PluginsFile['require_matching_label'][number]): string | undefined {
  const { org, repo, regexp, missing_label: label, prs, issues, branch } = entry;
  const missing = Object.entries({ org, regexp, missing_label: label }).find(([, text]) => !text);
  if (missing !== undefined) return `it has no ${missing[0]}`;
  if (repo.includes('/')) return 'repo holds the organisation, which belongs into org';
  if (!prs && !issues) return 'it is neither for pull requests (prs) nor for issues';
  if (!prs && branch !== '') return 'it has a branch, and is not for pull requests (prs)';
  const problem = patternProblem(regexp);
  if (problem !== undefined) return problem;
  return found(regexp, label) ? `missing_label ${label} is among the labels of regexp` : undefined;
}

import type { PoolQuery } from './merge-policy.ts';

/** A pull request as GitHub has it at the moment of merging. */
export interface LabelledPull {
  readonly baseRef: string;
  readonly labels: readonly string[];
}

/** Why no query allows these labels; undefined if one of them does. */
export function objectionToLabels(
  queries: readonly PoolQuery[],
  { baseRef, labels }: LabelledPull,
): string | undefined {
  const present = new Set(labels.map((label) => label.toLowerCase()));
  const has = (label: string) => present.has(label.trim().toLowerCase());
  const objections: string[] = [];
  for (const query of queries.filter((one) => allowsBranch(one, baseRef))) {
    const found = query.missingLabels.find(has);
    const lacking = query.labels.find((entry) => !entry.split(',').some(has));
    if (found === undefined && lacking === undefined) return undefined;
    objections.push(
      found === undefined ? `the label ${lacking} is gone` : `the label ${found} forbids merging`,
    );
  }
  return objections[0] ?? `no query wants pull requests for ${baseRef}`;
}

function allowsBranch({ includedBranches, excludedBranches }: PoolQuery, branch: string): boolean {
  const included = includedBranches.length === 0 || includedBranches.includes(branch);
  return included && !excludedBranches.includes(branch);
}

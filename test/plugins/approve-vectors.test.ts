import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { approve } from '../../workflows/plugins/approve.ts';
import type { World } from './facts.ts';
import { note, pullRequest, texts } from './speech.ts';

/**
 * Random pull requests with the SHA-256 of the notification that Prow's package approvers (June 2024, run with
 * Go) makes of each; its "the Kubernetes Code Review Process" was shortened as later versions have it.
 */
interface Vector {
  readonly tree: Readonly<Record<string, { approvers: string[]; noParent?: true; auto?: true }>>;
  readonly files: readonly string[];
  readonly approvals: readonly (readonly [login: string, noIssue: boolean])[];
  readonly assignees: readonly string[];
  readonly seed: number;
  readonly issue: number;
  readonly required: boolean;
  readonly sha256: string;
}

const vectors: readonly Vector[] = readFileSync(
  new URL('approve-vectors.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

function worldOf(vector: Vector): World {
  const { tree, approvals, seed, issue, required, files, assignees } = vector;
  const owners = Object.entries(tree).map(([dir, { approvers, noParent, auto }]) => [
    dir === '' ? 'OWNERS' : `${dir}/OWNERS`,
    JSON.stringify({
      approvers,
      options: {
        no_parent_owners: noParent ?? false,
        auto_approve_unowned_subfolders: auto ?? false,
      },
    }),
  ]);
  const settings = {
    repos: ['org'],
    require_self_approval: true,
    issue_required: required,
    commandHelpLink: 'https://help',
    pr_process_link: 'https://process',
  };
  return {
    ...{ files, assignees, owners: Object.fromEntries(owners), plugins: { approve: [settings] } },
    body: issue === 0 ? '' : `#${issue}`,
    pullRequest: { number: seed },
    comments: approvals.map(([login, noIssue], minute) =>
      note(login, noIssue ? '/approve no-issue' : '/approve', minute, { htmlUrl: 'REF' }),
    ),
  };
}

test('notifications are Prow’s to the byte, suggestions included (W§0, H11)', async () => {
  const differing: Vector[] = [];
  for (const vector of vectors) {
    const [text = ''] = await texts(approve, pullRequest('opened'), worldOf(vector));
    const hash = createHash('sha256').update(text).digest('hex');
    if (hash !== vector.sha256) differing.push(vector);
  }

  expect(vectors.length).toBe(150);
  expect(differing).toEqual([]);
});

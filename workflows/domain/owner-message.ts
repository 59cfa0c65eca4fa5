import type { Message } from '../contract.ts';
import { type RunReport, type RunRequest, repositoryOf } from './run.ts';

/** What a run tells its owner, a pull request or a pool; a branch only starts runs. `at` is an ISO time. */
export function ownerMessage(run: RunRequest, report: RunReport, at: string): Message | undefined {
  // The owner exists and knows its repository's number; this one is not looked at.
  const address = { repository: repositoryOf(run.refs), repositoryId: 0 };
  if (run.owner.startsWith('pool/')) {
    return {
      to: 'mergePool',
      input: { ...address, branch: run.refs.base_ref },
      signal: 'runChanged',
      body: report,
    };
  }
  const number = run.refs.pulls?.[0]?.number;
  if (!run.owner.startsWith('pr/') || number === undefined) return undefined;
  const event = {
    kind: 'run-changed' as const,
    key: `run:${report.uuid}:${report.version}`,
    guid: run.guid,
    at,
    sender: '',
    run: report,
  };
  return {
    to: 'pullRequest',
    input: { ...address, number },
    signal: 'mail',
    body: { ...address, events: [event] },
  };
}

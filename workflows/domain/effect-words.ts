import type { Effect } from './effect.ts';

const EXCERPT = 120;

/** An effect in a few words, for the decision log and the pages. */
export function effectInWords(effect: Effect): string {
  switch (effect.kind) {
    case 'add-label':
      return `add label ${effect.label}`;
    case 'remove-label':
      return `remove label ${effect.label}`;
    case 'comment':
    case 'replace-comment':
    case 'edit-comment':
      return `comment: ${excerpt(effect.body)}`;
    case 'prune-comments':
      return `delete comments (${effect.marker})`;
    case 'assign':
      return `assign ${effect.logins.join(', ')}`;
    case 'request-review':
      return `request a review from ${effect.logins.join(', ')}`;
    case 'set-status':
      return `status ${effect.context}: ${effect.state}`;
    case 'start-run':
      return `run ${effect.job}`;
    case 'abort-runs':
      return 'abort its runs';
    case 'approve-workflow-runs':
      return 'approve waiting GitHub Actions runs';
    case 'rerun-workflow-runs':
      return 'start failed GitHub Actions runs again';
  }
}

function excerpt(body: string): string {
  const line = body.replace(/\s+/g, ' ').trim();
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line;
}

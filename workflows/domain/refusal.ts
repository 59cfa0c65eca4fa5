import type { Applied } from './applied.ts';
import type { Effect, KeyedEffect } from './effect.ts';

/**
 * What to say on the pull request when GitHub refused an effect for good, or a grant came after its commits
 * were replaced; undefined where saying it would only be refused too, or where nobody asked (DESIGN §2.6).
 */
export function refusalComment(
  keyed: KeyedEffect,
  left: Exclude<Applied, { kind: 'done' }>,
): KeyedEffect | undefined {
  const wanted = inWords(keyed.effect);
  const body = wanted === undefined ? undefined : textFor(wanted, keyed, left);
  if (body === undefined) return undefined;
  const id = `${keyed.id}/refused`;
  return {
    key: `comment:${id}`,
    id,
    plugin: keyed.plugin,
    cause: keyed.cause,
    reason: 'GitHub refused what was asked for',
    effect: { kind: 'comment', body },
  };
}

function textFor(
  wanted: string,
  keyed: KeyedEffect,
  left: Exclude<Applied, { kind: 'done' }>,
): string | undefined {
  if (left.kind === 'refused') {
    const status = left.status > 0 ? ` (${left.status})` : '';
    return [
      `I could not ${wanted}: GitHub answered “${oneLine(left.message)}”${status}.`,
      '',
      'Nothing else was held up by this. When the cause is mended, give the command again.',
    ].join('\n');
  }
  // In a dry run nothing is written, and so not said either.
  if (keyed.forHead === undefined) return undefined;
  return [
    `I did not ${wanted}: it was meant for commit ${keyed.forHead}, and new commits have been pushed since.`,
    '',
    'Look at them, and give the command again if it still holds.',
  ].join('\n');
}

function oneLine(message: string): string {
  return message.replace(/\s+/g, ' ').slice(0, 300);
}

function inWords(effect: Effect): string | undefined {
  switch (effect.kind) {
    case 'add-label':
      return `add the label \`${effect.label}\``;
    case 'remove-label':
      return `remove the label \`${effect.label}\``;
    case 'assign':
      return `assign ${effect.logins.join(', ')}`;
    case 'request-review':
      return `request a review from ${effect.logins.join(', ')}`;
    case 'approve-workflow-runs':
      return 'approve the waiting GitHub Actions runs';
    case 'rerun-workflow-runs':
      return 'start the failed GitHub Actions runs again';
    case 'comment':
    case 'edit-comment':
    case 'prune-comments':
    case 'replace-comment':
    case 'set-status':
    case 'start-run':
    case 'abort-runs':
      return undefined;
  }
}

import type { RepositoryName } from './repository.ts';

/** What a reply answers: who said what, and where. */
export interface Answered {
  readonly author: string;
  readonly body: string;
  readonly htmlUrl: string;
}

/** GitHub takes 65,536 characters; the rest is for the message and the frame. */
const LONGEST_QUOTE = 50_000;

/** Link to the list of commands, with the repository chosen, as Prow's comments have it. */
export function commandHelpUrl(commandHelpLink: string, { org, repo }: RepositoryName): string {
  return `${commandHelpLink}?repo=${encodeURIComponent(`${org}/${repo}`)}`;
}

/** Prow's frame for answers: mention, message, then folded the comment that is answered, quoted, and where to find help. */
export function replyTo(answered: Answered, message: string, helpUrl: string): string {
  const context = `In response to [this](${answered.htmlUrl}):\n\n${quoted(answered.body)}\n`;
  return `@${answered.author}: ${message}\n\n${folded(`${context}\n\n${botHelp(helpUrl)}`)}`;
}

/** Prow's frame for what answers nobody: message, then folded where to find help. */
export function announce(message: string, helpUrl: string): string {
  return `${message}\n\n${folded(botHelp(helpUrl))}`;
}

function folded(text: string): string {
  return `<details>\n\n${text}\n</details>`;
}

function botHelp(helpUrl: string): string {
  return `Instructions for interacting with me using PR comments are available [here](${helpUrl}).`;
}

function quoted(body: string): string {
  const lines = body.split(/\r\n|\r|\n/).map((line) => `>${line}`);
  const whole = lines.join('\n');
  if (whole.length <= LONGEST_QUOTE) return whole;
  // Half of a character is no text.
  return `${whole.slice(0, LONGEST_QUOTE).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

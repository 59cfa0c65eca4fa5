import type { TriggerSettings } from '../../config/plugins/trigger.ts';
import { announce } from './envelope.ts';
import { NEEDS_OK_TO_TEST, OK_TO_TEST } from './label-names.ts';
import type { RepositoryName } from './repository.ts';

/** What the welcome needs to know. */
export interface Welcome {
  readonly author: string;
  readonly repository: RepositoryName;
  readonly githubUrl: string;
  readonly helpUrl: string;
  readonly settings: TriggerSettings;
  /** The author has contributed so much that the invitation to join is put first. */
  readonly invited: boolean;
}

/** Greets a stranger and says what has to happen before tests run (W§1.1). */
export function welcomeText(welcome: Welcome): string {
  const { author, settings, helpUrl } = welcome;
  const message = [
    `Hi @${author}. Thanks for your pull request!`,
    settings.ignore_ok_to_test ? collaboratorsTest(welcome) : waitsForOkToTest(welcome),
    joining(welcome),
    `The commands that I understand are listed [here](${helpUrl}).`,
  ];
  return announce(message.join('\n\n'), helpUrl);
}

function peopleUrl({ repository, githubUrl }: Welcome): string {
  return `${githubUrl}/orgs/${repository.org}/people`;
}

function waitsForOkToTest(welcome: Welcome): string {
  const { settings, repository, githubUrl } = welcome;
  const trusted = [`[${repository.org}](${peopleUrl(welcome)})`];
  if (settings.trusted_org !== '' && settings.trusted_org !== repository.org) {
    trusted.push(`[${settings.trusted_org}](${githubUrl}/orgs/${settings.trusted_org}/people)`);
  }
  return (
    `I am waiting for a member of ${trusted.join(' or ')} to look at this change and find it safe to test. ` +
    `They say so with \`/ok-to-test\` on a line of its own. Until then no test runs, and this pull request ` +
    `carries the \`${NEEDS_OK_TO_TEST}\` label.\n\n` +
    `With the \`${OK_TO_TEST}\` label, new commits are tested at once and you can use the testing commands yourself.`
  );
}

function collaboratorsTest(welcome: Welcome): string {
  return (
    `Tests do not start by themselves on pull requests from outside ` +
    `[${welcome.repository.org}](${peopleUrl(welcome)}), and in this repository \`/ok-to-test\` does not change that. ` +
    `A member or collaborator can start them with \`/test all\`.`
  );
}

function joining(welcome: Welcome): string {
  const { settings, repository, invited } = welcome;
  const joinUrl = settings.join_org_url === '' ? peopleUrl(welcome) : settings.join_org_url;
  if (!invited) {
    return `If you contribute often, [join ${repository.org}](${joinUrl}) and this step falls away.`;
  }
  const own = settings.org_invite.prominent?.message ?? '';
  const text =
    own === ''
      ? `You have contributed before: please [join ${repository.org}](${joinUrl}), and your tests start at once.`
      : own.replaceAll('{join_org_url}', joinUrl);
  return `> [!TIP]\n${text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')}`;
}

/** Said once when a trusted author opens a draft. */
export const DRAFT_TEXT =
  'No tests start by themselves on a draft. To run them anyway, comment `/test all`; they also start when the draft is marked as ready for review.';

/** Answer to a testing command on a pull request that nobody trusted has looked at. */
export function refusalText(settings: TriggerSettings): string {
  return settings.ignore_ok_to_test
    ? 'Tests of this pull request can be started by members and collaborators only, with `/test all`; in this repository `/ok-to-test` does not change that.'
    : 'Tests cannot start before a trusted person has looked at this pull request and left `/ok-to-test` on a line of its own.';
}

/** Answer to `/ok-to-test cancel` by somebody who is not trusted. */
export const CANCEL_REFUSED =
  'Only a trusted person can take `/ok-to-test` back. Ask a member of the organisation.';

import { isFirstOf } from '../domain/command.ts';
import { addLabel, comment, type Effect, removeLabel } from '../domain/effect.ts';
import { commandHelpUrl, replyTo } from '../domain/envelope.ts';
import type { PullRequestEvent, PushEvent } from '../domain/event.ts';
import type { Facts, JobFacts, RequestedJobs } from '../domain/facts.ts';
import { LGTM, NEEDS_OK_TO_TEST, OK_TO_TEST } from '../domain/label-names.ts';
import { type TestRequest, testRequestOf } from '../domain/test-request.ts';
import { helpNote, triggerHelp } from '../domain/trigger-help.ts';
import { CANCEL_REFUSED, DRAFT_TEXT, refusalText, welcomeText } from '../domain/trust-text.ts';
import {
  because,
  definePlugin,
  granting,
  type SpokenCommand,
  type SpokenComment,
  type Wish,
} from './plugin.ts';

const ABORTED = 'Aborted by trigger plugin.';

/** Decides which jobs run: for trusted pull requests by themselves, for others when somebody trusted asks. */
export const trigger = definePlugin({
  name: 'trigger',
  commands: ['test', 'retest', 'retest-required', 'test-manual-required', 'ok-to-test'],
  description:
    'Starts the tests of pull requests that come from trusted people or have the `ok-to-test` label, runs tests again on command, and starts jobs on pushes.',
  hearsTheBot: true,
  help: [
    {
      usage: '/ok-to-test [cancel]',
      does: 'Marks a pull request of somebody outside as safe to test and starts its tests; `cancel` takes the mark away.',
      whoCanUse:
        'Members of the organisation, and collaborators unless the repository is configured otherwise.',
      examples: ['/ok-to-test', '/ok-to-test cancel'],
      featured: false,
    },
    {
      usage: '/test (JOB...|all|?)',
      does: 'Starts the named jobs, or all that start by themselves; `?` lists what there is.',
      whoCanUse: 'Anyone on a trusted pull request; trusted people on every pull request.',
      examples: ['/test all', '/test unit lint', '/test ?'],
      featured: true,
    },
    {
      usage: '/retest',
      does: 'Runs failed jobs again, and automatic jobs that have no result yet.',
      whoCanUse: 'Anyone on a trusted pull request; trusted people on every pull request.',
      examples: ['/retest'],
      featured: true,
    },
    {
      usage: '/retest-required',
      does: 'Like `/retest`, for the jobs without which nothing merges.',
      whoCanUse: 'Anyone on a trusted pull request; trusted people on every pull request.',
      examples: ['/retest-required'],
    },
    {
      usage: '/test-manual-required',
      does: 'Starts the required jobs that only run when asked for.',
      whoCanUse: 'Anyone on a trusted pull request; trusted people on every pull request.',
      examples: ['/test-manual-required'],
    },
  ],
  on: { command: onCommand, comment: onComment, pullRequest: onPullRequest, push: onPush },
});

/** The labels of `/ok-to-test`: an order, so that of two the later counts, in whatever order they come. */
async function onCommand(
  { comment: spoken, ...command }: SpokenCommand,
  facts: Facts,
): Promise<readonly Wish[]> {
  if (!isForTrigger(spoken, facts) || facts.settings.trigger.ignore_ok_to_test) return [];
  if (!isFirstOf(command, spoken.commands, ['ok-to-test'])) return [];
  const request = testRequestOf(spoken.text);
  const commenter = await facts.trust(spoken.author);
  const allowed = commenter.trusted || (!request.cancelOkToTest && (await isTrusted(facts)));
  if (!allowed) return [];

  const labels = await facts.labels();
  if (request.cancelOkToTest) {
    const why = `@${spoken.author} took the trust back.`;
    return [because(why, removeLabel(OK_TO_TEST)), because(why, addLabel(NEEDS_OK_TO_TEST))];
  }
  // Somebody who is not trusted confirms nothing: only the missing label of a trusted author's is put on.
  if (!request.okToTest || (!commenter.trusted && labels.has(OK_TO_TEST))) return [];
  const why = `@${spoken.author} finds it safe to test.`;
  return [granting(why, addLabel(OK_TO_TEST)), because(why, removeLabel(NEEDS_OK_TO_TEST))];
}

function isForTrigger(spoken: SpokenComment, facts: Facts): boolean {
  return spoken.isPullRequest && spoken.state === 'open' && !facts.isBot(spoken.author);
}

async function onComment(spoken: SpokenComment, facts: Facts): Promise<readonly Wish[]> {
  if (!isForTrigger(spoken, facts)) return [];
  const asked = await facts.requestedJobs(spoken.text);
  if (!asked.matched) return [];

  const request = testRequestOf(spoken.text);
  const refusal = await refusalFor(request, spoken.author, facts);
  if (refusal !== undefined) {
    return [because(refusal.reason, comment(replyTo(spoken, refusal.text, helpUrl(facts))))];
  }
  if (request.cancelOkToTest && !facts.settings.trigger.ignore_ok_to_test) return [];
  const first = [...(await clearStaleLabel(facts)), ...approveWorkflows(request, facts)];
  const help = helpFor(request, asked, facts);
  if (help !== undefined) {
    const body = replyTo(spoken, help, helpUrl(facts));
    return [...first, because('The command needs help.', comment(body, 'trigger-help'))];
  }
  return [
    ...first,
    ...rerunWorkflows(request, facts),
    ...(request.outdatesHelp ? await pruneHelp(facts) : []),
    ...start(asked.jobs, facts, {
      retest: request.retest || request.retestRequired,
      reason: `@${spoken.author} asked for it.`,
    }),
  ];
}

interface Refusal {
  readonly text: string;
  readonly reason: string;
}

async function refusalFor(
  request: TestRequest,
  author: string,
  facts: Facts,
): Promise<Refusal | undefined> {
  const { trigger: settings } = facts.settings;
  const commenter = await facts.trust(author);
  if (commenter.trusted) return undefined;
  const reason = `@${author} is not trusted: ${commenter.reason}`;
  if (!(await isTrusted(facts))) return { text: refusalText(settings), reason };
  const cancels = request.cancelOkToTest && !settings.ignore_ok_to_test;
  return cancels ? { text: CANCEL_REFUSED, reason } : undefined;
}

function helpFor(request: TestRequest, asked: RequestedJobs, facts: Facts): string | undefined {
  const note = helpNote(request, asked.jobs.length);
  if (note === undefined) return undefined;
  const { repository, pullRequest } = facts;
  return triggerHelp(note, asked, { repository, branch: pullRequest.baseRef });
}

function helpUrl(facts: Facts): string {
  return commandHelpUrl(facts.settings.approve.commandHelpLink, facts.repository);
}

/** TrustedPullRequest of W§1.1: its author is trusted, or somebody trusted said `/ok-to-test`. */
async function isTrusted(facts: Facts): Promise<boolean> {
  const author = await facts.trust(facts.pullRequest.author);
  return author.trusted || (await facts.labels()).has(OK_TO_TEST);
}

async function clearStaleLabel(facts: Facts): Promise<readonly Wish[]> {
  const labels = await facts.labels();
  if (!labels.has(OK_TO_TEST) || !labels.has(NEEDS_OK_TO_TEST)) return [];
  return [because('It is safe to test.', removeLabel(NEEDS_OK_TO_TEST))];
}

function approveWorkflows(request: TestRequest, facts: Facts): readonly Wish[] {
  if (!request.okToTest || !facts.settings.trigger.trigger_github_workflows) return [];
  const { headSha } = facts.pullRequest;
  return [because('It is safe to test.', { kind: 'approve-workflow-runs', headSha })];
}

function rerunWorkflows(request: TestRequest, facts: Facts): readonly Wish[] {
  if (!facts.settings.trigger.trigger_github_workflows) return [];
  if (!request.retest && !request.testAll) return [];
  const { headSha, headRef } = facts.pullRequest;
  const rerun: Effect = { kind: 'rerun-workflow-runs', headSha, headRef };
  return [because('The command covers GitHub Actions too.', rerun)];
}

async function pruneHelp(facts: Facts): Promise<readonly Wish[]> {
  const helped = (await facts.comments()).some((note) => note.family === 'trigger-help');
  if (!helped) return [];
  const prune: Effect = { kind: 'prune-comments', marker: 'trigger-help' };
  return [because('The help was understood.', prune)];
}

/** Orders runs; nothing at all while GitHub says that the branches conflict. */
function start(
  jobs: readonly JobFacts[],
  facts: Facts,
  why: { readonly retest: boolean; readonly reason: string },
): readonly Wish[] {
  if (facts.pullRequest.mergeable === false) return [];
  return jobs.map(({ name }) =>
    because(why.reason, { kind: 'start-run', job: name, retest: why.retest }),
  );
}

async function onPullRequest(event: PullRequestEvent, facts: Facts): Promise<readonly Wish[]> {
  if (!(await facts.hasPresubmits())) return [];
  switch (event.action) {
    case 'opened':
      return onOpened(facts);
    case 'reopened':
    case 'ready_for_review':
      return startIfTrusted(event, facts);
    case 'edited':
      return event.baseChanged === true ? startIfTrusted(event, facts) : [];
    case 'synchronize':
      return [abort('New commits were pushed.'), ...(await startIfTrusted(event, facts))];
    case 'labeled':
      return onLabeled(event, facts);
    case 'closed':
      return [abort('The pull request was closed.')];
    case 'converted_to_draft':
      return [abort('The pull request became a draft.')];
    default:
      return [];
  }
}

function abort(reason: string): Wish {
  return because(reason, { kind: 'abort-runs', description: ABORTED });
}

async function onOpened(facts: Facts): Promise<readonly Wish[]> {
  const { author, draft } = facts.pullRequest;
  const trust = await facts.trust(author);
  if (!trust.trusted) return welcome(facts, trust.reason);
  if (draft) return [because('Drafts are not tested by themselves.', comment(DRAFT_TEXT))];
  return startAutomatic(facts, `@${author} is trusted.`);
}

async function welcome(facts: Facts, reason: string): Promise<readonly Wish[]> {
  const { repository, githubUrl, settings, pullRequest } = facts;
  const text = welcomeText({
    author: pullRequest.author,
    repository,
    githubUrl,
    helpUrl: helpUrl(facts),
    settings: settings.trigger,
    invited: await isInvited(facts),
  });
  const why = `@${pullRequest.author} is not trusted: ${reason}`;
  const greeting = because(why, comment(text));
  if (settings.trigger.ignore_ok_to_test) return [greeting];
  const labels = await facts.labels();
  if (labels.has(OK_TO_TEST) || labels.has(NEEDS_OK_TO_TEST)) return [greeting];
  return [because(why, addLabel(NEEDS_OK_TO_TEST)), greeting];
}

/** Whether the author has merged enough to be asked to join; a failing search is no reason not to greet. */
async function isInvited(facts: Facts): Promise<boolean> {
  const invite = facts.settings.trigger.org_invite.prominent;
  if (invite === undefined || invite.disabled || facts.pullRequest.authorType === 'Bot')
    return false;
  if (invite.merged_pr_threshold === 0) return true;
  try {
    return (await facts.mergedPullRequests(facts.pullRequest.author)) >= invite.merged_pr_threshold;
  } catch {
    return false;
  }
}

async function startIfTrusted(event: PullRequestEvent, facts: Facts): Promise<readonly Wish[]> {
  const { author, draft } = facts.pullRequest;
  const wishes: Wish[] = [];
  if (!(await facts.trust(author)).trusted) {
    const labels = await facts.labels();
    if (!labels.has(OK_TO_TEST)) return [];
    if (labels.has(NEEDS_OK_TO_TEST)) {
      wishes.push(because('It is safe to test.', removeLabel(NEEDS_OK_TO_TEST)));
    }
  }
  if (draft) return wishes;
  return [
    ...wishes,
    ...(await startAutomatic(facts, `The pull request is trusted (${event.action}).`)),
  ];
}

async function startAutomatic(facts: Facts, reason: string): Promise<readonly Wish[]> {
  // GitHub sends labels of closed pull requests too, and nothing merges those.
  if (facts.pullRequest.state !== 'open' || facts.pullRequest.mergeable === false) return [];
  return start(await facts.automaticJobs(), facts, { retest: false, reason });
}

async function onLabeled(event: PullRequestEvent, facts: Facts): Promise<readonly Wish[]> {
  if (event.label === LGTM && !(await isTrusted(facts))) {
    return startAutomatic(facts, 'A stranger, but somebody has reviewed it.');
  }
  if (event.label === OK_TO_TEST && !facts.isBot(event.sender)) {
    return startAutomatic(facts, `@${event.sender} put ${OK_TO_TEST} on by hand.`);
  }
  return [];
}

async function onPush(event: PushEvent, facts: Facts): Promise<readonly Wish[]> {
  if (event.deleted || /^0+$/.test(event.after)) return [];
  const branch = event.ref.replace(/^refs\/(?:heads|tags)\//, '');
  const files = event.changedFiles ?? (await facts.changedFiles()).map((file) => file.filename);
  const jobs = await facts.pushedJobs(branch, files);
  return jobs.map(({ name }) =>
    because(`${branch} was pushed to.`, { kind: 'start-run', job: name, retest: false }),
  );
}

import { setPinned } from '../../actions/pins.ts';
import { setDraft } from '../../actions/pulls.ts';
import { transferIssue } from '../../actions/transfer.ts';
import { GitHubError } from '../../http/errors.ts';
import { isPull } from '../../http/route.ts';
import type { Issue } from '../../state/model.ts';
import { atLeastOf } from '../../state/permissions.ts';
import { typedError, unresolved } from '../errors.ts';
import type { Place, View, World } from '../world.ts';
import { accountView } from './account.ts';
import { issueView } from './issue.ts';
import { issueWithId, repositoryWithId } from './node.ts';
import { pullRequestView } from './pull-request.ts';

/** What every mutation takes: `input`, with a word of the client's own that comes back. */
interface Given<T> {
  readonly input: T & { readonly clientMutationId?: string };
}

/** An issue and whoever may write it. */
interface Target {
  readonly place: Place;
  readonly issue: Issue;
}

function forbidden(world: World, mutation: string): never {
  const { login } = world.viewer;
  throw typedError(
    'FORBIDDEN',
    `${login} does not have the correct permissions to execute \`${mutation}\``,
  );
}

function needsWrite(world: World, { repo }: Place, mutation: string): void {
  const have = world.hub.permissionOf(repo, world.viewer.login);
  if (world.grant?.readOnly || !atLeastOf(have, 'write')) forbidden(world, mutation);
}

function targetOf(world: World, id: string, mutation: string): Target {
  const target = issueWithId(world, id) ?? unresolved(`node with the global id of '${id}'`);
  needsWrite(world, target.place, mutation);
  return target;
}

/** What the actions refuse is an error of GraphQL's kind. */
function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof GitHubError) throw typedError('UNPROCESSABLE', error.message);
    throw error;
  }
}

function sceneOf({ world, repo }: Place) {
  return { hub: world.hub, repo, actor: world.viewer };
}

function pin(world: World, pinned: boolean) {
  return ({ input }: Given<{ readonly issueId: string }>): View => {
    const mutation = pinned ? 'PinIssue' : 'UnpinIssue';
    const { place, issue } = targetOf(world, input.issueId, mutation);
    attempt(() => setPinned(sceneOf(place), issue, pinned));
    return {
      clientMutationId: input.clientMutationId ?? null,
      id: input.issueId,
      issue: () => issueView(place, issue),
    };
  };
}

function draft(world: World, wanted: boolean) {
  return ({ input }: Given<{ readonly pullRequestId: string }>): View => {
    const mutation = wanted ? 'ConvertPullRequestToDraft' : 'MarkPullRequestReadyForReview';
    const { place, issue } = targetOf(world, input.pullRequestId, mutation);
    if (!isPull(issue)) return unresolved(`PullRequest with the id '${input.pullRequestId}'`);
    setDraft(sceneOf(place), issue, wanted);
    return {
      clientMutationId: input.clientMutationId ?? null,
      pullRequest: () => pullRequestView(place, issue),
    };
  };
}

interface Transfer {
  readonly issueId: string;
  readonly repositoryId: string;
  readonly createLabelsIfMissing?: boolean;
}

function transfer(world: World) {
  return ({ input }: Given<Transfer>): View => {
    const { place, issue } = targetOf(world, input.issueId, 'TransferIssue');
    const to =
      repositoryWithId(world, input.repositoryId) ??
      unresolved(`node with the global id of '${input.repositoryId}'`);
    needsWrite(world, to, 'TransferIssue');
    const createLabels = input.createLabelsIfMissing ?? false;
    const moved = attempt(() =>
      transferIssue(sceneOf(place), issue, { repo: to.repo, createLabels }),
    );
    return {
      clientMutationId: input.clientMutationId ?? null,
      issue: () => issueView(to, moved),
    };
  };
}

interface Status {
  readonly emoji?: string | null;
  readonly message?: string | null;
  readonly limitedAvailability?: boolean | null;
}

function changeStatus(world: World) {
  return ({ input }: Given<Status>): View => {
    const { viewer, hub } = world;
    viewer.status = {
      emoji: input.emoji ?? null,
      message: input.message ?? null,
      busy: input.limitedAvailability ?? false,
    };
    hub.store.touch();
    return {
      clientMutationId: input.clientMutationId ?? null,
      status: () => accountView(world, viewer)['status'],
    };
  };
}

/** The root of every mutation: what Prow's plugins write this way, and what REST has no call for. */
export function mutationView(world: World): View {
  return {
    transferIssue: transfer(world),
    pinIssue: pin(world, true),
    unpinIssue: pin(world, false),
    convertPullRequestToDraft: draft(world, true),
    markPullRequestReadyForReview: draft(world, false),
    changeUserStatus: changeStatus(world),
  };
}

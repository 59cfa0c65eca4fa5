import { isPull } from '../../http/route.ts';
import { nodeId } from '../../render/urls.ts';
import type { Issue, PullIssue, Repo } from '../../state/model.ts';
import { atLeastOf } from '../../state/permissions.ts';
import { unresolved } from '../errors.ts';
import { timestampOf } from '../times.ts';
import type { Place, View } from '../world.ts';
import { actorView } from './account.ts';
import { commitView } from './commit.ts';
import { connection } from './connection.ts';
import { issueView, labelView, milestoneView } from './issue.ts';
import { objectView } from './object.ts';
import { pullRequestView } from './pull-request.ts';

const REF = /^(refs\/(?:heads|tags|pull)\/)(.+)$/;

/** A branch or tag, or null when it is not there. */
export function refView(place: Place, ref: string): View | null {
  const sha = place.repo.refs[ref];
  const [, prefix, name] = REF.exec(ref) ?? [];
  if (sha === undefined || prefix === undefined) return null;
  return {
    id: nodeId('Ref', `${place.repo.id}:${ref}`),
    name,
    prefix,
    repository: () => repositoryView(place),
    target: () => commitView(place, sha),
  };
}

function refNamed(place: Place, { qualifiedName }: { readonly qualifiedName: string }) {
  const { refs } = place.repo;
  const names = [qualifiedName, `refs/heads/${qualifiedName}`, `refs/tags/${qualifiedName}`];
  return refView(place, names.find((name) => refs[name] !== undefined) ?? '');
}

interface Listing {
  readonly states?: readonly string[] | null;
  readonly labels?: readonly string[] | null;
  readonly baseRefName?: string | null;
  readonly headRefName?: string | null;
  readonly orderBy?: { readonly field: string; readonly direction: string } | null;
}

function stateOf({ state, pull }: Issue): string {
  return pull?.merged ? 'MERGED' : state.toUpperCase();
}

function timeOf(issue: Issue, field: string): string {
  return field === 'UPDATED_AT' ? issue.updatedAt : issue.createdAt;
}

function ordered<T extends Issue>(issues: readonly T[], order: Listing['orderBy']): readonly T[] {
  const { field, direction } = order ?? { field: 'CREATED_AT', direction: 'ASC' };
  const sign = direction === 'DESC' ? -1 : 1;
  return [...issues].sort(
    (one, other) =>
      sign * (timeOf(one, field).localeCompare(timeOf(other, field)) || one.number - other.number),
  );
}

function listed<T extends Issue>(issues: readonly T[], listing: Listing): readonly T[] {
  const { states, labels, baseRefName, headRefName } = listing;
  const found = issues
    .filter((issue) => !states || states.includes(stateOf(issue)))
    .filter((issue) => !labels || labels.some((name) => issue.labels.includes(name)))
    .filter(({ pull }) => !baseRefName || pull?.base.ref === baseRefName)
    .filter(({ pull }) => !headRefName || pull?.head.ref === headRefName);
  return ordered(found, listing.orderBy);
}

function pullAt({ issues }: Repo, number: number): PullIssue {
  const issue = issues[number];
  return issue && isPull(issue) ? issue : unresolved(`PullRequest with the number of ${number}`);
}

function issueAt({ issues }: Repo, number: number): Issue {
  const issue = issues[number];
  return issue && !isPull(issue) ? issue : unresolved(`Issue with the number of ${number}`);
}

interface Numbered {
  readonly number: number;
}

/** An issue or pull request as the kind that it is. */
export function eitherView(place: Place, issue: Issue): View {
  return isPull(issue) ? pullRequestView(place, issue) : issueView(place, issue);
}

function contentsView(place: Place): View {
  const { repo } = place;
  const all = Object.values(repo.issues);
  return {
    issue: ({ number }: Numbered) => issueView(place, issueAt(repo, number)),
    pullRequest: ({ number }: Numbered) => pullRequestView(place, pullAt(repo, number)),
    issueOrPullRequest: ({ number }: Numbered) =>
      eitherView(
        place,
        repo.issues[number] ?? unresolved(`an issue or pull request with the number of ${number}`),
      ),
    issues: (args: Listing) =>
      connection(
        listed(
          all.filter((issue) => !isPull(issue)),
          args,
        ),
        args,
        (issue) => issueView(place, issue),
      ),
    pullRequests: (args: Listing) =>
      connection(listed(all.filter(isPull), args), args, (issue) => pullRequestView(place, issue)),
    pinnedIssues: (args: unknown) =>
      connection(
        (repo.pinned ?? []).flatMap((number) => repo.issues[number] ?? []),
        args,
        (issue) => ({
          id: nodeId('PinnedIssue', issue.id),
          databaseId: issue.id,
          issue: () => issueView(place, issue),
          repository: () => repositoryView(place),
        }),
      ),
    label: ({ name }: { readonly name: string }) => {
      const label = repo.labels.find((one) => one.name.toLowerCase() === name.toLowerCase());
      return label ? labelView(place, label) : null;
    },
    labels: (args: unknown) => connection(repo.labels, args, (label) => labelView(place, label)),
    milestone: ({ number }: Numbered) =>
      milestoneView(
        place,
        repo.milestones.find((one) => one.number === number),
      ),
    milestones: (args: unknown) =>
      connection(repo.milestones, args, (milestone) => milestoneView(place, milestone)),
  };
}

function settingsView({ world, repo }: Place): View {
  const have = world.hub.permissionOf(repo, world.viewer.login);
  return {
    isPrivate: repo.private,
    isArchived: repo.archived,
    isFork: repo.parent !== null,
    isDisabled: false,
    visibility: repo.private ? 'PRIVATE' : 'PUBLIC',
    mergeCommitAllowed: repo.methods.merge,
    squashMergeAllowed: repo.methods.squash,
    rebaseMergeAllowed: repo.methods.rebase,
    deleteBranchOnMerge: repo.deleteBranchOnMerge,
    viewerPermission: have === 'none' ? null : have.toUpperCase(),
    viewerCanAdminister: atLeastOf(have, 'admin'),
  };
}

/** A repository. */
export function repositoryView(place: Place): View {
  const { world, repo } = place;
  const path = `/${repo.owner}/${repo.name}`;
  const parent = repo.parent === null ? undefined : world.hub.model.repos[repo.parent];
  return {
    ...settingsView(place),
    ...contentsView(place),
    __typename: 'Repository',
    id: nodeId('Repository', repo.id),
    databaseId: repo.id,
    name: repo.name,
    nameWithOwner: `${repo.owner}/${repo.name}`,
    description: repo.description,
    owner: () => actorView(world, repo.owner),
    url: world.hub.address.url + path,
    resourcePath: path,
    createdAt: timestampOf(repo.createdAt),
    updatedAt: timestampOf(repo.updatedAt),
    pushedAt: timestampOf(repo.pushedAt),
    parent: () => (parent ? repositoryView({ world, repo: parent }) : null),
    defaultBranchRef: () => refView(place, `refs/heads/${repo.defaultBranch}`),
    ref: (args: { readonly qualifiedName: string }) => refNamed(place, args),
    object: (args: { readonly oid?: string; readonly expression?: string }) =>
      objectView(place, args),
  };
}

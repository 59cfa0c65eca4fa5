import type { Points } from '../../http/budgets.ts';
import type { Hub } from '../../hub.ts';
import { type Found, searchIssues } from '../../search/search.ts';
import type { Issue, Repo, User } from '../../state/model.ts';
import { unresolved } from '../errors.ts';
import { timestampOf } from '../times.ts';
import { type Place, seen, type View, type World } from '../world.ts';
import { accountView } from './account.ts';
import { connection } from './connection.ts';
import { eitherView, repositoryView } from './repository.ts';

/** GitHub shows the first thousand of whatever was found. */
const MOST_FOUND = 1000;

function visible({ hub, viewer }: World, repo: Repo | undefined): Repo | undefined {
  return repo && hub.permissionOf(repo, viewer.login) !== 'none' ? repo : undefined;
}

function placeNamed(world: World, owner: string, name: string): Place {
  const repo =
    visible(world, world.hub.findRepo(owner, name)) ??
    unresolved(`Repository with the name '${owner}/${name}'`);
  return { world, repo: seen(world, repo) };
}

interface SearchArguments {
  readonly query: string;
  readonly type: string;
}

function search(world: World, args: SearchArguments): View {
  const found: readonly Found[] =
    args.type === 'ISSUE'
      ? searchIssues(world.hub, {
          viewer: world.viewer.login,
          text: args.query,
          seen: (repo) => seen(world, repo),
        })
      : unresolved(`search of the type ${args.type}, which this emulator does not have`);
  const none = { codeCount: 0, discussionCount: 0, repositoryCount: 0, userCount: 0, wikiCount: 0 };
  const page = connection(found.slice(0, MOST_FOUND), args, ({ repo, issue }) =>
    eitherView({ world, repo }, issue),
  );
  return { ...none, ...page, issueCount: found.length };
}

const NODE = /^0\d+:(\D+?)(\d+)$/;

function issueWithId(world: World, id: number): { place: Place; issue: Issue } | undefined {
  for (const known of Object.values(world.hub.model.repos)) {
    const repo = visible(world, known);
    const issue = repo && Object.values(repo.issues).find((one) => one.id === id);
    if (repo && issue) return { place: { world, repo }, issue };
  }
  return undefined;
}

function accountWithId({ users }: Hub['model'], id: number): User | undefined {
  return Object.values(users).find((user) => user.id === id);
}

/** What a global id stands for, of the kinds that clients ask for again. */
function nodeView(world: World, id: string): View {
  const [, kind, number] = NODE.exec(Buffer.from(id, 'base64').toString()) ?? [];
  const wanted = Number(number);
  if (kind === 'Repository') {
    const all = Object.values(world.hub.model.repos);
    const repo = visible(
      world,
      all.find((one) => one.id === wanted),
    );
    if (repo) return repositoryView({ world, repo });
  }
  const found = issueWithId(world, wanted);
  if (found && (kind === 'Issue' || kind === 'PullRequest')) {
    return eitherView(found.place, found.issue);
  }
  const account = accountWithId(world.hub.model, wanted);
  if (account && account.type === kind) return accountView(world, account);
  return unresolved(`node with the global id of '${id}'`);
}

/** The root of every query. */
export function queryView(world: World, points: Points): View {
  const { hub, viewer } = world;
  return {
    viewer: () => accountView(world, viewer),
    rateLimit: {
      cost: world.cost,
      nodeCount: world.nodes,
      limit: points.limit,
      remaining: points.remaining,
      used: points.used,
      resetAt: timestampOf(points.reset * 1000),
    },
    search: (args: SearchArguments) => search(world, args),
    repository: ({ owner, name }: { readonly owner: string; readonly name: string }) =>
      repositoryView(placeNamed(world, owner, name)),
    user: ({ login }: { readonly login: string }) => {
      const user = hub.findUser(login);
      return user?.type === 'User'
        ? accountView(world, user)
        : unresolved(`User with the login of '${login}'`);
    },
    organization: ({ login }: { readonly login: string }) => {
      const org = hub.findUser(login);
      return org?.type === 'Organization'
        ? accountView(world, org)
        : unresolved(`Organization with the login of '${login}'`);
    },
    node: ({ id }: { readonly id: string }) => nodeView(world, id),
    nodes: ({ ids }: { readonly ids: readonly string[] }) => ids.map((id) => nodeView(world, id)),
  };
}

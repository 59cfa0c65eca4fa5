import type { Points } from '../../http/budgets.ts';
import { type Found, searchIssues } from '../../search/search.ts';
import type { User } from '../../state/model.ts';
import { unresolved } from '../errors.ts';
import { timestampOf } from '../times.ts';
import { type Place, seen, type View, type World } from '../world.ts';
import { accountView } from './account.ts';
import { connection } from './connection.ts';
import { nodeView, visible } from './node.ts';
import { eitherView, repositoryView } from './repository.ts';

/** GitHub shows the first thousand of whatever was found. */
const MOST_FOUND = 1000;

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

/** People whose login, name or public address has the words in it. */
function usersLike({ hub }: World, text: string): readonly User[] {
  const words = text.toLowerCase().split(/\s+/);
  const wanted = words.filter((word) => word !== '' && !/^(in|type):/.test(word));
  return Object.values(hub.model.users)
    .filter(({ type }) => type !== 'Bot')
    .filter(({ login, name, email }) =>
      wanted.every((word) => [login, name, email].some((one) => one.toLowerCase().includes(word))),
    );
}

function search(world: World, args: SearchArguments): View {
  const none = { codeCount: 0, discussionCount: 0, repositoryCount: 0, userCount: 0, wikiCount: 0 };
  if (args.type === 'USER') {
    const found = usersLike(world, args.query);
    const page = connection(found, args, (user) => accountView(world, user));
    return { ...none, ...page, issueCount: 0, userCount: found.length };
  }
  const found: readonly Found[] =
    args.type === 'ISSUE'
      ? searchIssues(world.hub, {
          viewer: { login: world.viewer.login, grant: world.grant },
          text: args.query,
          seen: (repo) => seen(world, repo),
        })
      : unresolved(`search of the type ${args.type}, which this emulator does not have`);
  const page = connection(found.slice(0, MOST_FOUND), args, ({ repo, issue }) =>
    eitherView({ world, repo }, issue),
  );
  return { ...none, ...page, issueCount: found.length };
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

import { maySee } from '../../http/sight.ts';
import type { Hub } from '../../hub.ts';
import type { Issue, Repo, User } from '../../state/model.ts';
import { unresolved } from '../errors.ts';
import type { Place, View, World } from '../world.ts';
import { accountView } from './account.ts';
import { eitherView, repositoryView } from './repository.ts';

const NODE = /^0\d+:(\D+?)(\d+)$/;

/** A repository, if whoever asks may see it. */
export function visible({ hub, viewer, grant }: World, repo: Repo | undefined): Repo | undefined {
  return repo && maySee(hub, repo, { login: viewer.login, grant }) ? repo : undefined;
}

function decoded(id: string): { readonly kind: string | undefined; readonly number: number } {
  const [, kind, number] = NODE.exec(Buffer.from(id, 'base64').toString()) ?? [];
  return { kind, number: Number(number) };
}

/** The repository of a global id. */
export function repositoryWithId(world: World, id: string): Place | undefined {
  const { kind, number } = decoded(id);
  if (kind !== 'Repository') return undefined;
  const repo = visible(world, world.hub.findRepoById(number));
  return repo && { world, repo };
}

/** The issue or pull request of a global id. */
export function issueWithId(
  world: World,
  id: string,
): { readonly place: Place; readonly issue: Issue } | undefined {
  const { kind, number } = decoded(id);
  if (kind !== 'Issue' && kind !== 'PullRequest') return undefined;
  for (const known of Object.values(world.hub.model.repos)) {
    const repo = visible(world, known);
    const issue = repo && Object.values(repo.issues).find((one) => one.id === number);
    if (repo && issue) return { place: { world, repo }, issue };
  }
  return undefined;
}

function accountWithId({ users }: Hub['model'], id: string): User | undefined {
  const { kind, number } = decoded(id);
  return Object.values(users).find((user) => user.id === number && user.type === kind);
}

/** What a global id stands for, of the kinds that clients ask for again. */
export function nodeView(world: World, id: string): View {
  const place = repositoryWithId(world, id);
  if (place) return repositoryView(place);
  const found = issueWithId(world, id);
  if (found) return eitherView(found.place, found.issue);
  const account = accountWithId(world.hub.model, id);
  return account ? accountView(world, account) : unresolved(`node with the global id of '${id}'`);
}

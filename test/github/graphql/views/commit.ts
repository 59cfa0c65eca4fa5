import { commitOf } from '../../actions/commits.ts';
import { type BlameRange, readBlame } from '../../git/blame.ts';
import type { CommitRecord, Signature } from '../../git/history.ts';
import { nodeId } from '../../render/urls.ts';
import { unresolved } from '../errors.ts';
import { timestampOf } from '../times.ts';
import type { Place, View } from '../world.ts';
import { actorView } from './account.ts';
import { rollupView, statusView } from './checks.ts';
import { connection } from './connection.ts';

function gitActorView({ world }: Place, who: Signature): View {
  const user = Object.values(world.hub.model.users).find(({ email }) => email === who.email);
  return {
    name: who.name,
    email: who.email,
    date: timestampOf(who.date),
    user: user?.type === 'User' ? actorView(world, user.login) : null,
  };
}

function headline(message: string): string {
  return message.split('\n')[0] ?? '';
}

const DAY_MS = 24 * 3600 * 1000;
const OLDEST = 10;

/** From 1, new, to 10, older than the rest: here by the week. */
async function ageOf({ world, repo }: Place, sha: string): Promise<number> {
  const { committer } = await commitOf(world.hub, repo, sha);
  const weeks = (Date.now() - Date.parse(committer.date)) / (7 * DAY_MS);
  return Math.min(OLDEST, 1 + Math.max(0, Math.floor(weeks)));
}

function blameRangeView(place: Place, { sha, from, to }: BlameRange): View {
  return {
    startingLine: from,
    endingLine: to,
    age: () => ageOf(place, sha),
    commit: () => commitView(place, sha),
  };
}

/** A commit; git is only asked for what the SHA does not say. */
export function commitView(place: Place, sha: string): View {
  const { world, repo } = place;
  const path = `/${repo.owner}/${repo.name}/commit/${sha}`;
  const read =
    <T>(look: (commit: CommitRecord) => T) =>
    async () =>
      look(await commitOf(world.hub, repo, sha));
  return {
    __typename: 'Commit',
    id: nodeId('Commit', sha),
    oid: sha,
    abbreviatedOid: sha.slice(0, 7),
    url: world.hub.address.url + path,
    commitUrl: world.hub.address.url + path,
    resourcePath: path,
    commitResourcePath: path,
    message: read(({ message }) => message),
    messageHeadline: read(({ message }) => headline(message)),
    messageBody: read(({ message }) => message.slice(headline(message).length).trim()),
    author: read(({ author }) => gitActorView(place, author)),
    committer: read(({ committer }) => gitActorView(place, committer)),
    authoredDate: read(({ author }) => timestampOf(author.date)),
    committedDate: read(({ committer }) => timestampOf(committer.date)),
    tree: read(({ tree }) => ({ id: nodeId('Tree', tree), oid: tree })),
    parents: async (args: unknown) => {
      const { parents } = await commitOf(world.hub, repo, sha);
      return connection(parents, args, (parent) => commitView(place, parent));
    },
    blame: async ({ path: file }: { readonly path: string }) => {
      const at = { commit: sha, path: file };
      const ranges =
        (await readBlame(world.hub.directoryOf(repo), at)) ?? unresolved(`file at '${file}'`);
      return { ranges: ranges.map((range) => blameRangeView(place, range)) };
    },
    status: () => statusView(place, sha),
    statusCheckRollup: () => rollupView(place, sha),
  };
}

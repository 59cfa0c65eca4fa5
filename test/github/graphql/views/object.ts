import { readBlob } from '../../git/history.ts';
import { resolveObject, typeOf } from '../../git/objects.ts';
import { nodeId } from '../../render/urls.ts';
import type { Place, View } from '../world.ts';
import { commitView } from './commit.ts';

function gitObject({ world, repo }: Place, kind: 'Blob' | 'Tree', oid: string): View {
  const path = `/${repo.owner}/${repo.name}/commit/${oid}`;
  return {
    __typename: kind,
    id: nodeId(kind, `${repo.id}:${oid}`),
    oid,
    abbreviatedOid: oid.slice(0, 7),
    commitUrl: world.hub.address.url + path,
    commitResourcePath: path,
  };
}

async function blobView(place: Place, oid: string): Promise<View> {
  const { world, repo } = place;
  const content = (await readBlob(world.hub.directoryOf(repo), oid)) ?? Buffer.alloc(0);
  const isBinary = content.includes(0);
  return {
    ...gitObject(place, 'Blob', oid),
    byteSize: content.length,
    isBinary,
    isTruncated: false,
    text: isBinary ? null : content.toString('utf8'),
  };
}

/** What to look for: a SHA, or an expression as git understands it (`main`, `main:OWNERS`). */
interface Wanted {
  readonly oid?: string | null;
  readonly expression?: string | null;
}

/** A commit, file or folder of the repository, or null. */
export async function objectView(place: Place, wanted: Wanted): Promise<View | null> {
  const directory = place.world.hub.directoryOf(place.repo);
  const name = wanted.oid ?? wanted.expression ?? '';
  const oid = name === '' ? undefined : await resolveObject(directory, name);
  if (oid === undefined) return null;
  const type = (await typeOf(directory, oid)) ?? 'nothing';
  switch (type) {
    case 'commit':
      return commitView(place, oid);
    case 'blob':
      return blobView(place, oid);
    case 'tree':
      return gitObject(place, 'Tree', oid);
    default:
      return null;
  }
}

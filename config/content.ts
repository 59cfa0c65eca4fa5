import { z } from 'zod';
import { withOwnJobs } from './in-repo.ts';
import { accepted } from './parse.ts';
import { ConfigError } from './problem.ts';
import type { ConfigReader } from './reader.ts';
import type { ConfigFiles } from './reading.ts';
import type { ConfigSnapshot } from './snapshot.ts';
import type { ConfigFile } from './source.ts';

/**
 * What a hash stands for, as it is stored: the files themselves, so that each version of us makes of them what
 * it makes of files; or a repository's own files on top of a configuration.
 */
export type ConfigContent =
  | { readonly kind: 'files'; readonly files: ConfigFiles }
  | ({ readonly kind: 'in-repo' } & InRepoOrigin);

/** What a configuration with a repository's own jobs is made of. */
export interface InRepoOrigin {
  /** Hash of the configuration that they were read with. */
  readonly base: string;
  /** `org/repo`. */
  readonly repository: string;
  readonly files: readonly ConfigFile[];
}

const file = z.object({ name: z.string(), text: z.string() });
const stored = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('files'),
    files: z.object({
      config: file,
      supplemental: z.array(file).exactOptional(),
      jobs: z.array(file).exactOptional(),
      plugins: file.exactOptional(),
      supplementalPlugins: z.array(file).exactOptional(),
      version: z.string().exactOptional(),
    }),
  }),
  z.object({
    kind: z.literal('in-repo'),
    base: z.string(),
    repository: z.string(),
    files: z.array(file),
  }),
]);

/** A content as text. */
export function contentText(content: ConfigContent): string {
  return JSON.stringify(content);
}

/** What restoring a content needs. */
export interface Restoring {
  readonly hash: string;
  readonly reader: ConfigReader;
  readonly byHash: (hash: string) => Promise<ConfigSnapshot>;
}

/**
 * The snapshot that a stored text stands for.
 * @throws ConfigError if it is not good, or not good any more
 */
export async function restoredConfig(
  text: string,
  { hash, reader, byHash }: Restoring,
): Promise<ConfigSnapshot> {
  const value: unknown = JSON.parse(text);
  const content = stored.safeParse(value);
  if (!content.success) return older(value);
  if (content.data.kind === 'files') {
    return { ...accepted(reader.inspect(content.data.files)), hash };
  }
  const { base, repository, files } = content.data;
  const { snapshot, problems } = withOwnJobs(await byHash(base), repository, files);
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...snapshot, hash };
}

/** Before files were stored, the snapshot itself was: plain data that had been checked when it was read. */
function older(value: unknown): ConfigSnapshot {
  const shape = z.custom<ConfigSnapshot>(
    (it) => typeof it === 'object' && it !== null && 'prow' in it && 'jobs' in it,
    'this is no stored configuration',
  );
  return shape.parse(value);
}

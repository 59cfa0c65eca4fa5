import { z } from 'zod';

const textByKey = z.record(z.string(), z.string());

/** They stand among git's arguments: a leading dash would be an option. */
const gitRef = z.string().regex(/^[^-]/);
const gitSha = z.string().regex(/^[0-9a-f]{7,64}$/i);

const pull = z.looseObject({ number: z.int(), sha: gitSha, ref: gitRef.optional() });

/** One repository to clone: the base, then each pull request merged onto it in order (J§1.4.2). */
export const cloneOrder = z.object({
  url: z.string().regex(/^(https?|file):/),
  /** Below the scratch folder's `go`: `src/github.com/ORG/REPO`. */
  path: z.string(),
  org: z.string(),
  repo: z.string(),
  baseRef: gitRef,
  baseSha: gitSha.optional(),
  pulls: z.array(pull),
  submodules: z.boolean(),
  depth: z.int().optional(),
  /** Prow's refs, as the clone record shows them. */
  refs: z.unknown(),
});

/** See `cloneOrder`. */
export type CloneOrder = Readonly<z.infer<typeof cloneOrder>>;

/** One container's command; the image is not used by the local executor. */
export const commandOrder = z.object({
  name: z.string(),
  argv: z.array(z.string()).min(1),
  environment: textByKey,
  /** Absolute, or relative to the scratch folder's `go`. */
  cwd: z.string(),
  log: z.string(),
});

/** See `commandOrder`. */
export type CommandOrder = Readonly<z.infer<typeof commandOrder>>;

/** How a job's processes are kept apart from the host. */
export const isolation = z.object({
  /** `namespaces` own mounts, processes and network; `uid` an own user only; `none` nothing. */
  kind: z.enum(['namespaces', 'uid', 'none']),
  /** As the superuser: an own user id per attempt. */
  ownUid: z.boolean(),
  /** Share the host's network. */
  network: z.boolean(),
  /** Folders and files that the job must not see. */
  hide: z.array(z.string()),
  /** Folders inside hidden ones that the job needs (the place of `node`). */
  expose: z.array(z.string()),
});

/** See `isolation`. */
export type Isolation = Readonly<z.infer<typeof isolation>>;

/** Everything that the supervisor needs; it asks nobody else. */
export const runOrder = z.object({
  uuid: z.string(),
  attempt: z.int(),
  root: z.string(),
  storageUrl: z.string(),
  /** Files of accounts; an order of an earlier version names none. */
  storageCredentials: z
    .object({
      gcsCredentialsFile: z.string().exactOptional(),
      s3CredentialsFile: z.string().exactOptional(),
    })
    .default({}),
  /** The run's folder in the bucket, without a trailing slash. */
  folder: z.string(),
  /** Small objects beside it: the alias, `latest-build.txt`. */
  pointers: z.array(z.object({ path: z.string(), content: z.string() })),
  clones: z.array(cloneOrder),
  commands: z.array(commandOrder).min(1),
  environment: textByKey,
  path: z.string(),
  timeoutMs: z.number(),
  graceMs: z.number(),
  isolation,
  /** `pull` of started.json. */
  pull: z.string(),
  /** Repositories of started.json, by `org/repo`. */
  repos: textByKey,
  /** Total size of artifacts that are kept, bytes. */
  artifactLimit: z.number(),
});

/** See `runOrder`. */
export type RunOrder = Readonly<z.infer<typeof runOrder>>;

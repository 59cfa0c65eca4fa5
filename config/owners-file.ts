import { z } from 'zod';
import { tryDeclared } from './declared/parse.ts';
import type { DeepReadonly } from './prow/fields.ts';
import { flag, scalar } from './prow/fields.ts';
import { patternProblem } from './re2.ts';
import { parseYaml, parseYamlWithNulls } from './yaml.ts';

const names = z.array(scalar).default([]);
const people = z.object({
  approvers: names,
  reviewers: names,
  required_reviewers: names,
  labels: names,
});
const options = z
  .object({
    no_parent_owners: flag.default(false),
    auto_approve_unowned_subfolders: flag.default(false),
  })
  .prefault({});
const simpleFile = people.extend({ options });
const fullFile = z.object({ options, filters: z.record(z.string(), people).default({}) });

/** Whom one part of an OWNERS file names, as it is written. */
export interface OwnersPart extends DeepReadonly<z.infer<typeof people>> {
  /** RE2 on the path below the file's folder; empty for every path. */
  readonly pattern: string;
}

/** What an OWNERS file says (W§3). */
export interface OwnersFile {
  readonly parts: readonly OwnersPart[];
  readonly noParentOwners: boolean;
  readonly autoApproveUnownedSubfolders: boolean;
  /** What in it does not count, and why. */
  readonly problems: readonly string[];
}

/** Who hides behind the names of OWNERS_ALIASES; all names normalised. */
export interface OwnersAliases {
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  readonly problems: readonly string[];
}

const NOTHING: OwnersFile = {
  parts: [],
  noParentOwners: false,
  autoApproveUnownedSubfolders: false,
  problems: [],
};

/** A login as OWNERS compares them: lower case, without one leading `@`. */
export function normalizeLogin(login: string): string {
  return login.toLowerCase().replace(/^@/, '');
}

/** Reads an OWNERS file: lists of people, or else filters; `path` is for messages. */
export function parseOwners(content: string, path: string): OwnersFile {
  const value = readYaml(content);
  if (value instanceof Error) return { ...NOTHING, problems: [`${path}: ${value.message}`] };
  const simple = tryDeclared(simpleFile, value ?? {});
  if (simple.success && !isEmpty(simple.data)) {
    return fileOf(simple.data.options, [{ ...simple.data, pattern: '' }], []);
  }
  const full = tryDeclared(fullFile, value ?? {});
  if (!full.success) return { ...NOTHING, problems: [`${path}: ${z.prettifyError(full.error)}`] };
  const parts = Object.entries(full.data.filters).map(([pattern, part]) => ({
    ...part,
    pattern: pattern === '.*' ? '' : pattern,
  }));
  const problems = parts.flatMap(({ pattern }) => patternProblem(pattern) ?? []);
  const good = parts.filter(({ pattern }) => patternProblem(pattern) === undefined);
  const unread = simple.success ? [] : [`${path}: ${z.prettifyError(simple.error)}`];
  return fileOf(full.data.options, good, [
    ...(parts.length === 0 ? unread : []),
    ...problems.map((problem) => `${path}: ${problem}`),
  ]);
}

/** Owners of one Markdown file, from the YAML between its leading `---` and the last one. */
export function frontMatterOwners(content: string, path: string): OwnersFile {
  const header = /^---\n[\s\S]*\n---/.exec(content)?.[0];
  if (header === undefined) return NOTHING;
  const value = readYaml(header);
  if (value instanceof Error) return { ...NOTHING, problems: [`${path}: ${value.message}`] };
  const parsed = tryDeclared(simpleFile, value ?? {});
  if (!parsed.success)
    return { ...NOTHING, problems: [`${path}: ${z.prettifyError(parsed.error)}`] };
  if (isEmpty(parsed.data)) return fileOf(parsed.data.options, [], []);
  return fileOf(parsed.data.options, [{ ...parsed.data, pattern: '' }], []);
}

/** Reads OWNERS_ALIASES; a bad entry is left out and reported, the good ones count. */
export function parseAliases(content: string): OwnersAliases {
  const value = readYamlWithNulls(content);
  if (value instanceof Error) return { aliases: {}, problems: [value.message] };
  const file = z
    .object({ aliases: z.record(z.string(), z.unknown()).nullish() })
    .safeParse(value ?? {});
  if (!file.success) return { aliases: {}, problems: [z.prettifyError(file.error)] };
  const aliases = new Map<string, readonly string[]>();
  const problems: string[] = [];
  for (const [alias, listed] of Object.entries(file.data.aliases ?? {})) {
    const members = membersOf(listed);
    if (members === undefined) problems.push(`alias ${alias} must hold a list of members`);
    else aliases.set(normalizeLogin(alias), [...new Set(members.map(normalizeLogin))].sort());
  }
  return { aliases: Object.fromEntries(aliases), problems };
}

function membersOf(listed: unknown): readonly string[] | undefined {
  if (listed === null) return [];
  if (Array.isArray(listed)) {
    return listed.every((member) => typeof member === 'string') ? listed : undefined;
  }
  return typeof listed === 'object' ? Object.keys(listed) : undefined;
}

function isEmpty(part: z.infer<typeof people>): boolean {
  const { approvers, reviewers, required_reviewers, labels } = part;
  return approvers.length + reviewers.length + required_reviewers.length + labels.length === 0;
}

function fileOf(
  set: z.infer<typeof options>,
  parts: readonly OwnersPart[],
  problems: readonly string[],
): OwnersFile {
  return {
    parts: parts.map(({ pattern, approvers, reviewers, required_reviewers, labels }) => ({
      pattern,
      approvers,
      reviewers,
      required_reviewers,
      labels,
    })),
    noParentOwners: set.no_parent_owners,
    autoApproveUnownedSubfolders: set.auto_approve_unowned_subfolders,
    problems,
  };
}

function readYaml(content: string): unknown {
  return attempt(() => parseYaml(content));
}

function readYamlWithNulls(content: string): unknown {
  return attempt(() => parseYamlWithNulls(content));
}

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

import { own } from './own.ts';
import type { OwnersAliases, OwnersFile } from './owners-file.ts';
import { frontMatterOwners, normalizeLogin, parseAliases, parseOwners } from './owners-file.ts';
import type { OwnersSettings } from './plugins/owners.ts';
import type { ProwConfig } from './prow/config-file.ts';
import { found, foundAny } from './re2.ts';

/** Whom a folder (or a Markdown file) names for the paths below it that its pattern fits. */
export interface OwnersEntry {
  /** RE2 on the path below the folder; empty for every path. */
  readonly pattern: string;
  readonly approvers: readonly string[];
  readonly reviewers: readonly string[];
  readonly requiredReviewers: readonly string[];
  readonly labels: readonly string[];
}

/** What a folder's OWNERS file says. */
export interface OwnersFolder {
  readonly entries: readonly OwnersEntry[];
  readonly noParentOwners: boolean;
  readonly autoApproveUnownedSubfolders: boolean;
}

/** All OWNERS of a repository at one commit: plain data; folders by path, the root being "". */
export interface RepoOwners {
  readonly folders: Readonly<Record<string, OwnersFolder>>;
  /** Files and entries that do not count, and why. */
  readonly problems: readonly string[];
}

/** What OWNERS are built from. */
export interface OwnersSource {
  /** Files of the base branch, at least those that `isOwnersRelevant` picks. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly settings: OwnersSettings;
  /** Logins to which approvers and reviewers are cut down; absent: they could not be listed, and all count. */
  readonly collaborators?: readonly string[];
  /** RE2 of folders that do not count; see `ownersDenylist`. */
  readonly denylist: readonly string[];
}

type Role = 'approvers' | 'reviewers' | 'requiredReviewers' | 'labels';

const BUILT_IN_DENYLIST = [String.raw`\.git$`, '_output$', 'vendor/.*/.*'];

/** Patterns of folders of a repository whose OWNERS do not count (`owners_dir_denylist`, W§3). */
export function ownersDenylist(
  { owners_dir_denylist: list }: ProwConfig,
  org: string,
  repo: string,
): readonly string[] {
  return [
    ...list.default,
    ...(own(list.repos, org) ?? []),
    ...(own(list.repos, `${org}/${repo}`) ?? []),
    ...(list.ignore_preconfigured_defaults ? [] : BUILT_IN_DENYLIST),
  ];
}

/** Whether a file of the repository has a say in OWNERS: only these need to be read. */
export function isOwnersRelevant(path: string, settings: OwnersSettings): boolean {
  if (path === settings.aliasesFile || baseName(path) === settings.ownersFile) return true;
  return settings.markdown && path.endsWith('.md');
}

/** Reads all OWNERS files of a repository (W§3). */
export function buildOwners(source: OwnersSource): RepoOwners {
  const { settings, files, denylist } = source;
  const aliasText = files.find(({ path }) => path === settings.aliasesFile)?.text;
  const aliases: OwnersAliases =
    aliasText === undefined ? { aliases: {}, problems: [] } : parseAliases(aliasText);
  const people = peopleFilter(source, aliases);
  const folders = new Map<string, OwnersFolder>();
  const problems = aliases.problems.map((problem) => `${settings.aliasesFile}: ${problem}`);
  for (const { path, text } of files.filter((file) => !isDenied(file.path, denylist))) {
    const read = readFile(path, text, settings);
    if (read === undefined) continue;
    problems.push(...read.file.problems);
    folders.set(read.place, folderOf(read.file, people));
  }
  return { folders: Object.fromEntries(folders), problems };
}

/** Everybody who may approve a path, the closest OWNERS first. */
export function approvers(owners: RepoOwners, path: string): readonly string[] {
  return flat(layers(owners, path, 'approvers'));
}

/** The approvers that the closest OWNERS with any names. */
export function leafApprovers(owners: RepoOwners, path: string): readonly string[] {
  return layers(owners, path, 'approvers')[0] ?? [];
}

/** Everybody who reviews a path, the closest OWNERS first. */
export function reviewers(owners: RepoOwners, path: string): readonly string[] {
  return flat(layers(owners, path, 'reviewers'));
}

/** Everybody who reviews a path, one list for each level of OWNERS that names any, the closest first. */
export function reviewerLayers(owners: RepoOwners, path: string): readonly (readonly string[])[] {
  return layers(owners, path, 'reviewers');
}

/** The reviewers that the closest OWNERS with any names. */
export function leafReviewers(owners: RepoOwners, path: string): readonly string[] {
  return layers(owners, path, 'reviewers')[0] ?? [];
}

/** Those who must review a path. */
export function requiredReviewers(owners: RepoOwners, path: string): readonly string[] {
  return flat(layers(owners, path, 'requiredReviewers'));
}

/** Labels for a path, from all levels. */
export function labels(owners: RepoOwners, path: string): readonly string[] {
  return flat(layers(owners, path, 'labels'));
}

/** The folder (or Markdown file) of the closest OWNERS that name approvers for a path; "" if none does. */
export function ownersDirFor(owners: RepoOwners, path: string): string {
  return (
    ancestors(path).find((place) => peopleAt(owners, place, path, 'approvers').length > 0) ?? ''
  );
}

/** Whether a folder's OWNERS end the way up. */
export function isNoParentOwners(owners: RepoOwners, folder: string): boolean {
  return own(owners.folders, folder)?.noParentOwners ?? false;
}

/** Whether folders below that have no OWNERS need no approval. */
export function isAutoApproveUnownedSubfolders(owners: RepoOwners, folder: string): boolean {
  return own(owners.folders, folder)?.autoApproveUnownedSubfolders ?? false;
}

/** The approvers of the root. */
export function topLevelApprovers(owners: RepoOwners): readonly string[] {
  return leafApprovers(owners, '.');
}

// One list for each level that names anybody; a level without people is no layer.
function layers(owners: RepoOwners, path: string, role: Role): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  for (const place of ancestors(path)) {
    const people = peopleAt(owners, place, path, role);
    if (people.length > 0) found.push(people);
    if (isNoParentOwners(owners, place) && found.length > 0) break;
  }
  return found;
}

function peopleAt(owners: RepoOwners, place: string, path: string, role: Role): readonly string[] {
  const entries = own(owners.folders, place)?.entries ?? [];
  const below = place === '' ? path : path === place ? '.' : path.slice(place.length + 1);
  const fitting = entries.filter(({ pattern }) => pattern === '' || found(pattern, below));
  return [...new Set(fitting.flatMap((entry) => entry[role]))].sort();
}

// The path itself, its folder, and so on up to the root.
function ancestors(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join('/')), ''];
}

function readFile(
  path: string,
  text: string,
  settings: OwnersSettings,
): { readonly place: string; readonly file: OwnersFile } | undefined {
  if (settings.markdown && path.endsWith('.md')) {
    const file = frontMatterOwners(text, path);
    return file.parts.length + file.problems.length > 0 ? { place: path, file } : undefined;
  }
  if (baseName(path) !== settings.ownersFile) return undefined;
  return { place: folderName(path), file: parseOwners(text, path) };
}

function folderOf(file: OwnersFile, people: (names: readonly string[], cut: boolean) => string[]) {
  return {
    entries: file.parts.map((part) => ({
      pattern: part.pattern,
      approvers: people(part.approvers, true),
      reviewers: people(part.reviewers, true),
      requiredReviewers: people(part.required_reviewers, false),
      labels: [...part.labels],
    })),
    noParentOwners: file.noParentOwners,
    autoApproveUnownedSubfolders: file.autoApproveUnownedSubfolders,
  };
}

function peopleFilter({ settings, collaborators }: OwnersSource, { aliases }: OwnersAliases) {
  const kept =
    settings.skipCollaborators || collaborators === undefined
      ? undefined
      : new Set(collaborators.map(normalizeLogin));
  return (names: readonly string[], cut: boolean): string[] => {
    const logins = names.map(normalizeLogin).flatMap((name) => own(aliases, name) ?? [name]);
    const unique = [...new Set(logins)].sort();
    return cut && kept !== undefined ? unique.filter((login) => kept.has(login)) : unique;
  };
}

function isDenied(path: string, denylist: readonly string[]): boolean {
  const folders = ancestors(folderName(path)).map((folder) => (folder === '' ? '.' : folder));
  return folders.some((folder) => foundAny(denylist, folder));
}

function flat(found: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(found.flat())];
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function folderName(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

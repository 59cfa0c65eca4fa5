/** A setting that names the repositories and organisations it is for. */
interface Scoped {
  readonly repos: readonly string[];
}

/** The first entry that lists the repository, else the first that lists the organisation (W§2.4). */
export function entryFor<Entry extends Scoped>(
  entries: readonly Entry[],
  org: string,
  repo: string,
): Entry | undefined {
  return (
    entries.find(({ repos }) => repos.includes(`${org}/${repo}`)) ??
    entries.find(({ repos }) => repos.includes(org))
  );
}

/** Names that more than one entry lists, or one entry twice: the second place would never be read. */
export function listedTwice(
  entries: readonly Scoped[],
): readonly { entry: number; name: string }[] {
  const seen = new Set<string>();
  return entries.flatMap(({ repos }, entry) =>
    repos.flatMap((name) => {
      if (seen.has(name)) return [{ entry, name }];
      seen.add(name);
      return [];
    }),
  );
}

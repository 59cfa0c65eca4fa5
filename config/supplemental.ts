import type { Report } from './problem.ts';
import { type Merged, type Moved, recordOf } from './relocate.ts';
import type { Source } from './source.ts';

/** A mapping of a file. */
export type Fields = Readonly<Record<string, unknown>>;

/** The supplemental file that is being merged, and where what it brings has gone. */
export interface Merging {
  readonly file: string;
  readonly report: Report;
  readonly moved: Moved[];
}

/** A place in it. */
export interface At extends Merging {
  readonly path: readonly string[];
}

/** Merges supplemental files into the main one, one after the other; each has to be a mapping. */
export function mergeEach(
  sources: { readonly main: Source; readonly others: readonly Source[] },
  report: Report,
  merge: (value: Fields, added: Fields, merging: Merging) => Fields,
): Merged {
  const moved: Moved[] = [];
  let value: unknown = sources.main.value;
  for (const { name, value: added } of sources.others) {
    if (added !== undefined && recordOf(added) === undefined) {
      report({ file: name, path: [] }, 'this is no mapping', 'Write keys and values.');
    }
    const merging = { file: name, report, moved };
    value = merge(recordOf(value) ?? {}, recordOf(added) ?? {}, merging);
  }
  return { value, moved };
}

/** A mapping whose keys must differ from file to file; `path` ends with its own key. */
export function mergeOnce(main: Fields, added: Fields, at: At): Fields | undefined {
  const section = at.path.at(-1) ?? '';
  const [mine, theirs] = [recordOf(main[section]) ?? {}, recordOf(added[section])];
  if (theirs === undefined) return undefined;
  for (const key of Object.keys(theirs)) {
    const place = { ...at, path: [...at.path, key] };
    if (Object.hasOwn(mine, key)) setTwice(`${at.path.join('.')}.${key}`, place);
    else takeOver(place);
  }
  return { ...theirs, ...mine };
}

/** What a file sets that another has set. */
export function setTwice(name: string, { file, path, report }: At): void {
  const why = `${name} is set by another file too`;
  report({ file, path, key: true }, why, 'Keep it in one of the files.');
}

/** What stands in the whole where it stood in the file. */
export function takeOver({ file, path, moved }: At): void {
  moved.push({ to: path, from: { file, path } });
}

import { z } from 'zod';
import { own } from '../own.ts';
import type { DeepReadonly } from '../prow/fields.ts';
import { text, texts } from '../prow/fields.ts';

/** `owners`: how OWNERS files are found and read (W§3). */
export const ownersSection = z.object({
  /** Repositories and organisations whose Markdown files may carry owners in their front matter. */
  mdyamlrepos: texts,
  /** Where people in OWNERS need not be collaborators. */
  skip_collaborators: texts,
  filenames: z
    .record(
      z.string(),
      z.object({ owners: text.default('OWNERS'), owners_aliases: text.default('OWNERS_ALIASES') }),
    )
    .default({}),
  /** Labels that OWNERS files must not set. */
  labels_denylist: z.array(text).default(['approved', 'lgtm']),
});

/** See `ownersSection`. */
export type OwnersSection = DeepReadonly<z.infer<typeof ownersSection>>;

/** How one repository's OWNERS files are found and read. */
export interface OwnersSettings {
  readonly markdown: boolean;
  readonly skipCollaborators: boolean;
  readonly ownersFile: string;
  readonly aliasesFile: string;
}

/** The settings for one repository; the narrower key wins. */
export function ownersSettings(section: OwnersSection, org: string, repo: string): OwnersSettings {
  const name = `${org}/${repo}`;
  const lists = (keys: readonly string[]) => keys.includes(name) || keys.includes(org);
  const names = own(section.filenames, name) ?? own(section.filenames, org);
  return {
    markdown: lists(section.mdyamlrepos),
    skipCollaborators: lists(section.skip_collaborators),
    ownersFile: names?.owners ?? 'OWNERS',
    aliasesFile: names?.owners_aliases ?? 'OWNERS_ALIASES',
  };
}

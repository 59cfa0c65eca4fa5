import { z } from 'zod';
import { own } from '../own.ts';
import type { DeepReadonly } from '../prow/fields.ts';
import { scalar, scalars } from '../prow/fields.ts';

/** `owners`: how OWNERS files are found and read (W§3). */
export const ownersSection = z.object({
  mdyamlrepos: scalars.describe(
    'Repositories and organisations whose Markdown files may carry owners in their front matter.',
  ),
  skip_collaborators: scalars.describe('Where people in OWNERS need not be collaborators.'),
  filenames: z
    .record(
      z.string(),
      z.object({
        owners: scalar.default('OWNERS'),
        owners_aliases: scalar.default('OWNERS_ALIASES'),
      }),
    )
    .default({}),
  labels_denylist: z
    .array(scalar)
    .default(['approved', 'lgtm'])
    .describe('Labels that OWNERS files must not set.'),
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

import { z } from 'zod';
import { flag, text, texts } from '../prow/fields.ts';

/** One of `dco`, by repository, organisation or `*`. */
export const dcoEntry = z.object({
  skip_dco_check_for_members: flag.default(false).describe('Members need not sign off.'),
  trusted_apps: texts.describe('GitHub apps that need not, without `[bot]`.'),
  trusted_org: text
    .default('')
    .describe('Whose members are meant; the repository owner unless given.'),
  skip_dco_check_for_collaborators: flag.default(false).describe('Collaborators need not.'),
  contributing_repo: text.default('').describe('The repository whose CONTRIBUTING.md is linked.'),
  contributing_branch: text.default('').describe('Its branch.'),
  contributing_path: text.default('').describe('The path in it.'),
});

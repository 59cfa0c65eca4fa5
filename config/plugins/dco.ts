import { z } from 'zod';
import { flag, scalar, scalars } from '../prow/fields.ts';

/** One of `dco`, by repository, organisation or `*`. */
export const dcoEntry = z.object({
  skip_dco_check_for_members: flag.default(false).describe('Members need not sign off.'),
  trusted_apps: scalars.describe('GitHub apps that need not, without `[bot]`.'),
  trusted_org: scalar
    .default('')
    .describe('Whose members are meant; the repository owner unless given.'),
  skip_dco_check_for_collaborators: flag.default(false).describe('Collaborators need not.'),
  contributing_repo: scalar.default('').describe('The repository whose CONTRIBUTING.md is linked.'),
  contributing_branch: scalar.default('').describe('Its branch.'),
  contributing_path: scalar.default('').describe('The path in it.'),
});

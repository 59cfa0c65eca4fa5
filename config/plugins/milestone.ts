import { z } from 'zod';
import { scalar, whole } from '../prow/fields.ts';

/** `milestone_applier`: milestone by branch, by repository. */
export const milestoneApplierSection = z.record(z.string(), z.record(z.string(), scalar));

/** One of `repo_milestone`, by repository; the empty key is for all. */
export const repoMilestoneEntry = z.object({
  maintainers_id: whole.default(0).describe('Deprecated: number of the team.'),
  maintainers_team: scalar.default('').describe('Slug of the team that may set milestones.'),
  maintainers_friendly_name: scalar.default('SIG Chairs/TLs').describe('What it is called.'),
});

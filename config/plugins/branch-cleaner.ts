import { z } from 'zod';
import { scalar } from '../prow/fields.ts';

/** `branch_cleaner`: branches that stay when their pull request has merged. */
export const branchCleanerSection = z.object({
  preserved_branches: z
    .record(z.string(), z.array(scalar))
    .default({})
    .describe('By organisation or repository: names or patterns of branches that stay.'),
});

import { z } from 'zod';
import { scalar, scalars, whole } from '../prow/fields.ts';

const columns = z.record(z.string(), scalar).default({});
const team = whole.default(0);

/** `project_config`: GitHub's classic projects. */
export const projectSection = z.object({
  project_org_configs: z
    .record(
      z.string(),
      z.object({
        org_maintainers_team_id: team.describe('Team that may change the projects.'),
        org_default_column_map: columns.describe('Default column by project.'),
        project_repo_configs: z
          .record(
            z.string(),
            z.object({
              repo_maintainers_team_id: team.describe('Team that may change the projects.'),
              repo_default_column_map: columns.describe('Default column by project.'),
            }),
          )
          .default({})
          .describe('By repository.'),
      }),
    )
    .default({})
    .describe('By organisation.'),
});

const column = z.object({
  id: whole.optional().describe('Number of the column.'),
  name: scalar.default('').describe('Its name; instead of the number.'),
  state: scalar.default('').describe('open, closed or all.'),
  labels: scalars.describe('Labels that an issue must have.'),
  org: scalar.default('').describe('Organisation of the issue.'),
});

/** `project_manager`: which issues go into which columns. */
export const projectManagerSection = z.object({
  orgsRepos: z
    .record(
      z.string(),
      z.object({
        projects: z
          .record(
            z.string(),
            z.object({ columns: z.array(column).default([]).describe('Its columns.') }),
          )
          .default({})
          .describe('By project.'),
      }),
    )
    .default({})
    .describe('By organisation or repository.'),
});

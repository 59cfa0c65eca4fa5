import { z } from 'zod';
import { flag, scalar, scalars } from '../prow/fields.ts';

/** `golint`. */
export const golintSection = z.object({
  minimum_confidence: z
    .number({ error: 'this must be a number' })
    .default(0.8)
    .describe('How sure the linter must be, from 0 to 1.'),
});

/** `jira`. */
export const jiraSection = z.object({
  disabled_jira_projects: scalars.describe('Projects whose issues are not linked.'),
});

/** `retitle`. */
export const retitleSection = z.object({
  allow_closed_issues: flag.default(false).describe('What is closed may be given a title too.'),
});

/** `sigmention`. */
export const sigmentionSection = z.object({
  regexp: scalar
    .default(
      String.raw`(?m)@kubernetes/sig-([\w-]*)-(misc|test-failures|bugs|feature-requests|proposals|pr-reviews|api-reviews)`,
    )
    .describe('Mentions of teams, RE2.'),
});

/** `override`. */
export const overrideSection = z.object({
  allow_top_level_owners: flag.default(false).describe('Approvers of the root may override.'),
  allowed_github_teams: z
    .record(z.string(), z.array(scalar))
    .default({})
    .describe('Slugs of teams that may, by repository.'),
});

/** `release_note`. */
export const releaseNoteSection = z.object({
  guidelines_url: scalar.default('').describe('Page about release notes.'),
});

/** One of `invalid_commit_msg`. */
export const invalidCommitMessageEntry = z.object({
  repos: scalars.describe('Organisations and repositories.'),
  checks: z
    .array(
      z.object({
        name: scalar.default('').describe('fixupPrefix or issueClosingKeywords.'),
        disabled: flag.default(false).describe('It is off.'),
      }),
    )
    .default([])
    .describe('Checks to switch.'),
});

import { z } from 'zod';
import { scalar, scalars } from '../prow/fields.ts';

const restricted = z.object({
  label: scalar.default('').describe('The label.'),
  allowed_teams: scalars.describe('Slugs of teams that may set it.'),
  allowed_users: scalars.describe('Logins that may set it.'),
  assign_on: z
    .array(z.object({ label: scalar.default('').describe('The label that assigns them.') }))
    .default([])
    .describe('Labels that assign the allowed users to a pull request.'),
});

/** `label`: labels beyond those with a command of their own. */
export const labelSection = z.object({
  additional_labels: scalars.describe('Labels that `/label` sets.'),
  restricted_labels: z
    .record(z.string(), z.array(restricted))
    .default({})
    .describe('Labels that only some people may set, by `*`, organisation or repository.'),
});

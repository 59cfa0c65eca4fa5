import { z } from 'zod';
import { flag, scalar, scalars } from '../prow/fields.ts';

const releases = scalar.default('^release-.*$').describe('Branches that take cherry-picks, RE2.');

/** One of `cherry_pick_approved`. */
export const cherryPickApprovedEntry = z.object({
  org: scalar.default('').describe('The organisation.'),
  repo: scalar.default('').describe('The repository, without its organisation.'),
  branchregexp: releases,
  approvers: scalars.describe('Who may approve a cherry-pick.'),
  allow_missing_approved_label: flag.default(false).describe('The label approved is not needed.'),
  allow_missing_lgtm_label: flag.default(false).describe('The label lgtm is not needed.'),
});

/** `cherry_pick_unapproved`. */
export const cherryPickUnapprovedSection = z.object({
  branchregexp: releases,
  comment: scalar
    .default(
      'This PR is not for the master branch but does not have the `cherry-pick-approved`  label. Adding the `do-not-merge/cherry-pick-not-approved`  label.',
    )
    .describe('What is said when the label is set.'),
});

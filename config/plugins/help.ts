import { z } from 'zod';
import { scalar } from '../prow/fields.ts';

/** `help`: what `/help` and `/good-first-issue` link to. */
export const helpSection = z.object({
  help_guidelines_url: scalar
    .default('https://git.k8s.io/community/contributors/guide/help-wanted.md')
    .describe('Page about the labels.'),
  help_guidelines_summary: scalar.default('').describe('The page in a few words.'),
});

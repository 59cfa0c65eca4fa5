import { z } from 'zod';
import { text } from '../prow/fields.ts';

/** `help`: what `/help` and `/good-first-issue` link to. */
export const helpSection = z.object({
  help_guidelines_url: text
    .default('https://git.k8s.io/community/contributors/guide/help-wanted.md')
    .describe('Page about the labels.'),
  help_guidelines_summary: text.default('').describe('The page in a few words.'),
});

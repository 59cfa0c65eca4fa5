import { z } from 'zod';
import { scalar, scalars } from '../prow/fields.ts';

/** `slack`: what the plugin slackevents tells. */
export const slackSection = z.object({
  mentionchannels: scalars.describe('Channels that hear of mentions of teams.'),
  mergewarnings: z
    .array(
      z.object({
        repos: scalars.describe('Organisations and repositories.'),
        channels: scalars.describe('Channels that hear of pushes by hand.'),
        exempt_users: scalars.describe('Who may push.'),
        exempt_branches: z
          .record(z.string(), z.array(scalar))
          .default({})
          .describe('By branch, who may push there.'),
      }),
    )
    .default([])
    .describe('Warnings about pushes by hand.'),
});

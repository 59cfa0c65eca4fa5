import { z } from 'zod';
import { text, texts } from '../prow/fields.ts';

/** `slack`: what the plugin slackevents tells. */
export const slackSection = z.object({
  mentionchannels: texts.describe('Channels that hear of mentions of teams.'),
  mergewarnings: z
    .array(
      z.object({
        repos: texts.describe('Organisations and repositories.'),
        channels: texts.describe('Channels that hear of pushes by hand.'),
        exempt_users: texts.describe('Who may push.'),
        exempt_branches: z
          .record(z.string(), z.array(text))
          .default({})
          .describe('By branch, who may push there.'),
      }),
    )
    .default([])
    .describe('Warnings about pushes by hand.'),
});

import { firstArgumentIs } from '../domain/command.ts';
import { addLabel, removeLabel } from '../domain/effect.ts';
import { HOLD } from '../domain/label-names.ts';
import { because, definePlugin } from './plugin.ts';

/** Lets anyone keep a pull request from merging without taking away its approval. */
export const hold = definePlugin({
  name: 'hold',
  commands: ['hold', 'unhold', 'remove-hold'],
  description: `Lets anyone add or remove the \`${HOLD}\` label, which keeps a pull request from being merged.`,
  // Helpers that speak through the bot's own account hold pull requests too, as they can in Prow.
  hearsTheBot: true,
  help: [
    {
      usage: '/hold [reason] | /hold cancel | /unhold | /remove-hold',
      does: `Adds or removes the \`${HOLD}\` label.`,
      whoCanUse: 'Anyone.',
      examples: ['/hold', '/hold until the release is out', '/hold cancel', '/unhold'],
    },
  ],
  on: {
    async comment(spoken, facts) {
      const said = spoken.commands.filter(({ name }) => hold.commands.includes(name));
      if (!spoken.isPullRequest || said.length === 0) return [];

      const cancelled = said.some(
        (command) => command.name !== 'hold' || firstArgumentIs(command, 'cancel'),
      );
      const held = (await facts.labels()).has(HOLD);
      if (held !== cancelled) return [];
      return cancelled
        ? [because(`@${spoken.author} cancelled the hold.`, removeLabel(HOLD))]
        : [because(`@${spoken.author} put it on hold.`, addLabel(HOLD))];
    },
  },
});

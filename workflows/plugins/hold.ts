import { type Command, firstArgumentIs, isFirstOf } from '../domain/command.ts';
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
    async command({ comment, ...command }, facts) {
      if (!comment.isPullRequest || !isFirstOf(command, comment.commands, hold.commands)) return [];
      const cancelled = comment.commands.some(cancels);
      // Read so that the record knows it; wished even if it is so: an older order that comes late shall not win.
      await facts.labels();
      return cancelled
        ? [because(`@${comment.author} cancelled the hold.`, removeLabel(HOLD))]
        : [because(`@${comment.author} put it on hold.`, addLabel(HOLD))];
    },
  },
});

function cancels(command: Command): boolean {
  if (command.name === 'hold') return firstArgumentIs(command, 'cancel');
  return hold.commands.includes(command.name);
}

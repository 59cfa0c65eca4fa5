import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { type AddressedMail, type CommitInput, SIGNALS } from './contract.ts';
import { openMailbox, post, takeBatch } from './mailbox.ts';
import type { CommitPorts } from './ports.ts';
import { tell } from './proxies.ts';

const QUIET_MS = 5_000;
const CONTINUE_AT_EVENTS = 1_000;

const { pullRequestsOfCommit } = proxyActivities<CommitPorts>({
  startToCloseTimeout: '15s',
  scheduleToCloseTimeout: '24h',
  retry: { initialInterval: '1s', maximumInterval: '1m' },
});

/** One commit: finds the open pull requests that a SHA's events belong to, and tells each (DESIGN §2.2). */
export async function commit(input: CommitInput): Promise<void> {
  const { repository, repositoryId, sha } = input;
  const mailbox = openMailbox({ mailbox: [], seen: input.carried?.seen ?? [] });
  setHandler(defineSignal<[AddressedMail]>(SIGNALS.mail), (mail) => post(mailbox, mail.events));

  for (;;) {
    await condition(() => mailbox.items.length > 0, QUIET_MS);
    if (mailbox.items.length === 0) return;
    const events = takeBatch(mailbox).map(({ event }) => event);
    const numbers = await pullRequestsOfCommit(repository, sha);
    await Promise.all(
      numbers.map((number) =>
        tell({
          to: 'pullRequest',
          input: { repository, repositoryId, number },
          signal: 'mail',
          body: { repository, repositoryId, events },
        }),
      ),
    );
    const isLong = workflowInfo().historyLength > CONTINUE_AT_EVENTS;
    if (isLong && mailbox.items.length === 0) {
      const carried = { mailbox: [], seen: [...mailbox.seen] };
      await continueAsNew<typeof commit>({ ...input, carried });
    }
  }
}

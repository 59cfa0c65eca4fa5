import type { EntityAddress } from './contract.ts';
import type { DomainEvent } from './domain/event.ts';
import { tell } from './proxies.ts';

/** Tells a pull request something that another workflow wants or found out. */
export async function tellPull(
  { repository, repositoryId }: Pick<EntityAddress, 'repository' | 'repositoryId'>,
  number: number,
  event: DomainEvent,
): Promise<void> {
  await tell({
    to: 'pullRequest',
    input: { repository, repositoryId, number },
    signal: 'mail',
    body: { repository, repositoryId, events: [event] },
  });
}

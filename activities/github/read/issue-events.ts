import type { GitHub } from '../client.ts';
import {
  allPages,
  issuePath,
  type Numbered,
  pageOf,
  type ReadOptions,
  reading,
} from './reading.ts';

/** A label was put on or taken off. */
export interface LabelEventRead {
  readonly event: 'labeled' | 'unlabeled';
  readonly label: string;
  readonly actor: string;
  readonly at: string;
}

/** Who put labels on and took them off, oldest first. */
export async function readLabelEvents(
  github: GitHub,
  issue: Numbered,
  options?: ReadOptions,
): Promise<readonly LabelEventRead[]> {
  const ask = reading(github, 'issue-events', options);
  const events = await allPages(async (page) =>
    pageOf(
      await ask('GET /repos/{owner}/{repo}/issues/{issue_number}/events', {
        ...issuePath(issue),
        ...page,
      }),
    ),
  );
  return events.flatMap((entry) => {
    if ((entry.event !== 'labeled' && entry.event !== 'unlabeled') || !('label' in entry))
      return [];
    const { event, label, actor, created_at: at } = entry;
    return [{ event, label: label?.name ?? '', actor: actor?.login ?? 'ghost', at }];
  });
}

/** Login of whoever put the label on last; undefined if it was never put on. */
export async function readLabelActor(
  github: GitHub,
  { label, ...issue }: Numbered & { readonly label: string },
  options?: ReadOptions,
): Promise<string | undefined> {
  const events = await readLabelEvents(github, issue, options);
  return events.findLast((entry) => entry.event === 'labeled' && entry.label === label)?.actor;
}

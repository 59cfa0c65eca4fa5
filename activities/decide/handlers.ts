import { enabledPlugins } from '../../config/snapshot.ts';
import { parseCommands, spokenText } from '../../workflows/domain/command.ts';
import type { MailItem } from '../../workflows/domain/decision.ts';
import type { CommentEvent, DomainEvent, ReviewEvent } from '../../workflows/domain/event.ts';
import type { Facts } from '../../workflows/domain/facts.ts';
import { type WishOrigin, wish } from '../../workflows/domain/working-copy.ts';
import { plugins } from '../../workflows/plugins/index.ts';
import type { Plugin, SpokenComment, SpokenReview, Wish } from '../../workflows/plugins/plugin.ts';
import type { Batch } from './batch.ts';
import { NeedsOrdinary } from './needs-ordinary.ts';
import { isTransient } from './transient.ts';

/** One call of one handler: what it wished, and its place in time if a person ordered it. */
interface Answer {
  readonly wishes: readonly Wish[];
  readonly order: string;
}

/** Asks each enabled plugin about one event, in order; what one wishes the next one already sees. */
export async function askPlugins(batch: Batch, item: MailItem, facts: Facts): Promise<void> {
  const { org, repo } = batch.input.repository;
  const enabled = new Set(enabledPlugins(batch.snapshot, org, repo));
  for (const plugin of plugins) {
    const wanted = item.plugins === undefined || item.plugins.includes(plugin.name);
    if (!enabled.has(plugin.name) || !wanted || !isInScope(batch, plugin)) continue;
    await askPlugin(batch, plugin, { item, facts });
  }
}

function isInScope(batch: Batch, plugin: Plugin): boolean {
  return batch.input.scope !== 'issue' || plugin.scope === 'both';
}

/** A plugin that throws, or whose fact cannot be read, stops only itself (DESIGN §2.5). */
async function askPlugin(
  batch: Batch,
  plugin: Plugin,
  { item, facts }: { readonly item: MailItem; readonly facts: Facts },
): Promise<void> {
  const before = batch.copy;
  try {
    const counts = new Map<string, number>();
    for await (const { wishes, order } of answers(batch, plugin, item.event, facts)) {
      for (const wanted of wishes) {
        const { key: cause, at } = item.event;
        // Counted by kind: a label that is there already must not give a comment another identity.
        const { kind } = 'effect' in wanted ? wanted.effect : wanted;
        const ordinal = counts.get(kind) ?? 0;
        const origin = { plugin: plugin.name, cause, ordinal, order, at };
        batch.copy = grant(batch, wanted, { ...origin, reason: reasonOf(plugin, item.event) });
        counts.set(kind, ordinal + 1);
      }
    }
  } catch (error) {
    if (error instanceof NeedsOrdinary) throw error;
    batch.copy = before;
    giveUp(batch, { plugin: plugin.name, event: item.event }, error);
  }
}

/** Notes that a plugin could not decide an event now: it is asked again later. */
export function giveUp(
  batch: Batch,
  { plugin, event }: { readonly plugin: string; readonly event: DomainEvent | undefined },
  error: unknown,
): void {
  const message = error instanceof Error ? error.message : String(error);
  batch.sources.warn('plugin could not decide', {
    plugin,
    'event-GUID': event?.guid ?? '',
    error: message,
  });
  batch.undecided.push({
    eventKey: event?.key ?? '',
    plugin,
    message,
    transient: isTransient(error),
  });
}

function grant(batch: Batch, wanted: Wish, origin: WishOrigin) {
  if (!('effect' in wanted)) return wish(batch.copy, wanted, origin);
  const { effect, reason, grants = false } = wanted;
  return wish(batch.copy, effect, { ...origin, reason, grants });
}

function reasonOf(plugin: Plugin, event: DomainEvent): string {
  return `${plugin.name} on ${event.kind}${'action' in event ? ` ${event.action}` : ''} by ${event.sender}`;
}

/** One handler after the other: each sees what the one before it wished. */
async function* answers(
  batch: Batch,
  plugin: Plugin,
  event: DomainEvent,
  facts: Facts,
): AsyncGenerator<Answer> {
  const deaf = batch.isBot(event.sender) && plugin.hearsTheBot !== true;
  if (event.kind === 'comment') {
    if (!deaf) yield* answersToComment(batch, plugin, event, facts);
    return;
  }
  const wishes = await answerTo(batch, plugin, event, facts);
  if (wishes !== undefined) yield { wishes, order: '' };
}

type Reported = Exclude<DomainEvent, CommentEvent>;

async function answerTo(
  batch: Batch,
  { on }: Plugin,
  event: Reported,
  facts: Facts,
): Promise<readonly Wish[] | undefined> {
  switch (event.kind) {
    case 'pull-request':
      return on.pullRequest?.(event, facts);
    case 'review':
      return on.review?.(await spokenReview(batch, event), facts);
    case 'push':
      return on.push?.(event, facts);
    case 'status':
      return on.status?.(event, facts);
    case 'issue':
      return on.issue?.(event, facts);
    case 'run-changed':
    case 'retest-asked':
    case 'mergeability':
    case 'recheck':
      return undefined;
  }
}

async function* answersToComment(
  batch: Batch,
  plugin: Plugin,
  event: CommentEvent,
  facts: Facts,
): AsyncGenerator<Answer> {
  if (event.action !== 'created') return;
  const comment = await spokenComment(batch, event);
  const order = `${event.createdAt}#${String(event.id).padStart(16, '0')}`;
  for (const command of comment.commands) {
    if (!plugin.commands.includes(command.name) || plugin.on.command === undefined) continue;
    yield { wishes: await plugin.on.command({ ...command, comment }, facts), order };
  }
  if (plugin.on.comment !== undefined) {
    yield { wishes: await plugin.on.comment(comment, facts), order: '' };
  }
}

async function spokenComment(batch: Batch, event: CommentEvent): Promise<SpokenComment> {
  const body = await batch.sources.log.textOf(event.body);
  const text = spokenText(body);
  return { ...event, body, text, commands: parseCommands(text) };
}

async function spokenReview(batch: Batch, event: ReviewEvent): Promise<SpokenReview> {
  const body = await batch.sources.log.textOf(event.body);
  return { ...event, body, commands: parseCommands(spokenText(body)) };
}

import { Counter, type Registry } from 'prom-client';
import type { Burial, DecidePorts } from '../workflows/ports.ts';
import type { Database } from './database/database.ts';
import { saveDeadLetter } from './database/dead-letters.ts';
import { createEffectActivities } from './github/apply-effect.ts';
import type { GitHub } from './github/client.ts';

/** What burying an event needs. */
export interface BurySetting {
  readonly database: Database;
  readonly github: GitHub;
  readonly registry: Registry;
}

/**
 * The activity that gives an event up: a row for a person to look at, a counter that an alarm watches, and a
 * sentence on the pull request (DESIGN §2.6). Each happens once per event.
 */
export function createBuryActivity({
  database,
  github,
  registry,
}: BurySetting): Pick<DecidePorts, 'buryEvent'> {
  const buried = new Counter({
    name: 'bowsprit_dead_letters_total',
    help: 'Events that were given up after several tries',
    labelNames: ['kind', 'plugin'],
    registers: [registry],
  });
  const effects = createEffectActivities({ github });
  return {
    buryEvent: async (burial) => {
      const first = await saveDeadLetter(database, {
        id: letterId(burial),
        entity: burial.entity,
        at: new Date().toISOString(),
        attempts: 5,
        event: burial.event,
        error: burial.message,
      });
      if (first) buried.inc({ kind: burial.event.kind, plugin: burial.plugin });
      if (burial.number > 0) await sayIt(effects, burial);
    },
  };
}

function letterId({ entity, event, plugin }: Burial): string {
  return [entity, event.key, plugin].join(' ');
}

async function sayIt(
  effects: ReturnType<typeof createEffectActivities>,
  burial: Burial,
): Promise<void> {
  const who = burial.plugin === '' ? 'Bowsprit' : `the plugin \`${burial.plugin}\``;
  const body = [
    `Something that happened here (\`${burial.event.kind}\` by ${burial.event.sender}) could not be handled: ${who} failed several times.`,
    '',
    'It was put aside for the operators of this bot. If it was a command, give it again; if that fails too, tell them.',
  ].join('\n');
  const id = `${burial.event.key}/buried/${burial.plugin}`;
  await effects.changeComment(
    {
      repository: burial.repository,
      number: burial.number,
      entity: burial.entity,
      configHash: '',
    },
    {
      key: `comment:${id}`,
      id,
      plugin: 'dead-letter',
      cause: burial.event.key,
      reason: 'an event was given up',
      effect: { kind: 'comment', body },
      again: true,
    },
  );
}

import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { PLACES } from './configuration.ts';
import { type Figure, rowOf, tableOf } from './figures.ts';
import { measureBurst } from './measure/burst.ts';
import { measureCalls } from './measure/calls.ts';
import { measureEmulator } from './measure/emulator.ts';
import { measureHold } from './measure/hold.ts';
import { measureMemory } from './measure/memory.ts';
import { measureMerges, measurePool } from './measure/merging.ts';
import { measurePods } from './measure/pods.ts';
import { measureReading } from './measure/reading.ts';
import { measureTrigger } from './measure/trigger.ts';
import { measureWebhook } from './measure/webhook.ts';
import { type Keeping, openStage, type Stage } from './stage.ts';
import { openSpeaker } from './webhooks.ts';

const PARTS = [
  'configuration',
  'emulator',
  'merge',
  'calls',
  'trigger',
  'pool',
  'webhook',
  'hold',
  'burst',
  'memory',
  'pods',
] as const;
type Part = (typeof PARTS)[number];
/** Measured without the common stage. */
const STAGELESS: readonly Part[] = ['configuration', 'emulator', 'pods'];

/** What is asked of a run of the benchmark. */
interface Plan {
  readonly parts: readonly Part[];
  readonly keepings: readonly Keeping[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      // Pods need the Kubernetes of the tests: they are asked for by name.
      only: { type: 'string', default: PARTS.filter((part) => part !== 'pods').join(',') },
      temporal: { type: 'string', default: 'file,memory' },
      out: { type: 'string' },
    },
  });
  const plan: Plan = {
    parts: PARTS.filter((part) => values.only.split(',').includes(part)),
    keepings: (['file', 'memory'] as const).filter((one) => values.temporal.includes(one)),
  };
  const figures: Figure[] = [];
  const before = load();
  const report = (figure: Figure): void => {
    figures.push(figure);
    say(rowOf(figure).join(' | '));
  };
  await measurePlan(plan, report);
  const cpu = cpus()[0]?.model ?? 'unknown';
  const head = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpu}, Node ${process.version}, load ${before} before and ${load()} after`;
  const table = `${head}\n\n${tableOf(figures)}\n`;
  say(`\n${table}`);
  if (values.out !== undefined) await writeFile(values.out, table);
}

async function measureAll(
  keeping: Keeping,
  { parts, keepings }: Plan,
  report: (figure: Figure) => void,
): Promise<void> {
  const stage = await openStage(keeping);
  try {
    // What does not depend on how Temporal keeps its state is measured once.
    const once = keeping === keepings[0];
    const wanted = parts.filter((part) => once || TIMED.has(part));
    for (const part of wanted.filter((one) => !SPOKEN.has(one))) {
      for (const figure of await measure(stage, part)) report(figure);
    }
    await measureSpoken(stage, wanted, report);
    if (wanted.includes('memory'))
      for (const figure of await measureMemory(stage, 1_000)) report(figure);
  } finally {
    await stage.stop();
  }
}

/** What depends on how Temporal keeps its state. */
const TIMED: ReadonlySet<Part> = new Set(['merge', 'webhook', 'hold', 'burst']);
const SPOKEN: ReadonlySet<Part> = new Set(['calls', 'webhook', 'hold', 'burst', 'memory']);

async function measure(stage: Stage, part: Part): Promise<readonly Figure[]> {
  if (part === 'merge') return measureMerges(stage, 9);
  if (part === 'trigger') return measureTrigger(stage, 9);
  return part === 'pool' ? [await measurePool(stage, 3)] : [];
}

/** Figures over pull requests that are open and quiet. */
async function measureSpoken(
  stage: Stage,
  parts: readonly Part[],
  report: (figure: Figure) => void,
): Promise<void> {
  if (!parts.some((part) => SPOKEN.has(part))) return;
  const speaker = await openSpeaker(stage, PLACES.quiet, parts.includes('burst') ? 200 : 20);
  const holds = [0, 100].flatMap((latencyMs) => [
    { perSecond: 1, count: 20, latencyMs },
    { perSecond: 20, count: 200, latencyMs },
  ]);
  const steps: readonly (readonly [Part, () => Promise<readonly Figure[]>])[] = [
    ['webhook', async () => [await measureWebhook(stage, speaker)]],
    ...holds.map(
      (series) => ['hold', async () => [await measureHold(stage, speaker, series)]] as const,
    ),
    ...[0, 100].flatMap((latencyMs) =>
      [20, 200].map(
        (over) => ['burst', () => measureBurst(stage, speaker, { over, latencyMs })] as const,
      ),
    ),
    ['calls', () => measureCalls(stage, speaker.numbers.slice(0, 5))],
  ];
  for (const [part, figures] of steps) {
    if (parts.includes(part)) for (const figure of await figures()) report(figure);
  }
}

async function measurePlan(plan: Plan, report: (figure: Figure) => void): Promise<void> {
  for (const part of STAGELESS.filter((one) => plan.parts.includes(one)))
    for (const figure of await measureAlone(part)) report(figure);
  if (plan.parts.every((part) => STAGELESS.includes(part))) return;
  for (const keeping of plan.keepings) await measureAll(keeping, plan, report);
}

/** What needs no stage, and is not disturbed by one. */
async function measureAlone(part: Part): Promise<readonly Figure[]> {
  const corpus = process.env['BOWSPRIT_CORPUS'];
  if (part === 'configuration') return corpus === undefined ? [] : measureReading(corpus);
  return part === 'emulator' ? measureEmulator() : measurePods(1_000);
}

/** Of the last minute: 0 is an idle machine, and only there times are the program's own. */
function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();

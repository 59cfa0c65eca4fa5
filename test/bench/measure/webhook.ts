import type { Figure } from '../figures.ts';
import { quantile } from '../figures.ts';
import { PROW } from '../prow.ts';
import type { Stage } from '../stage.ts';
import { atPace, type Speaker } from '../webhooks.ts';

const AIM_MS = 15;

/** From a webhook to its 200, which means stored: comments without a command, 20 a second. */
export async function measureWebhook({ keeping }: Stage, speaker: Speaker): Promise<Figure> {
  const posted = await atPace({ perSecond: 20, count: 200 }, (index) =>
    speaker.say(speaker.numbers[index % 20] ?? 0, `Thank you, number ${index}.`),
  );
  const refused = posted.filter(({ status }) => status !== 200).length;
  const samples = posted.map(({ tookMs }) => tookMs);
  return {
    name: `webhook to 200 (${keeping})`,
    unit: 'ms',
    aim: `p50 ≤ ${AIM_MS} ms, durable`,
    met: quantile(samples, 0.5) <= AIM_MS && refused === 0,
    samples,
    note: `p99 ${quantile(samples, 0.99).toFixed(1)} ms${refused === 0 ? '' : `, ${refused} refused`}`,
    prow: PROW.webhook,
  };
}

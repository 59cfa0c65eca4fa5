/** What was measured of one figure, in the unit of its row. */
export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 's' | 'calls' | 'KiB' | '';
  /** What we want, in words. */
  readonly aim: string;
  /** Whether the aim is met; undefined where there is none. */
  readonly met?: boolean;
  readonly samples: readonly number[];
  /** What the row cannot say in numbers. */
  readonly note?: string;
  /** The same of Prow a619408, measured on 2 cores. */
  readonly prow?: string;
}

/** The value below which a share of the samples lies (nearest rank); NaN of none. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** The middle one. */
export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** A figure as a row of a table: name, aim, whether it is met, ours, Prow's. */
export function rowOf(figure: Figure): readonly string[] {
  const { name, unit, aim, met, samples, note = '', prow = '' } = figure;
  const numbers =
    samples.length === 0
      ? ''
      : `${text(median(samples))}${unit === '' ? '' : ` ${unit}`} (${text(Math.min(...samples))}–${text(Math.max(...samples))}, n=${samples.length})`;
  const verdict = met === undefined ? '' : met ? 'yes' : 'NO';
  return [name, aim, verdict, [numbers, note].filter((part) => part !== '').join('; '), prow];
}

function text(value: number): string {
  if (!Number.isFinite(value)) return '?';
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1);
}

const HEAD = ['figure', 'aim', 'met', 'ours: median (min–max)', 'Prow a619408, 2 cores'];

/** All figures as a Markdown table. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [HEAD, HEAD.map(() => '---'), ...figures.map(rowOf)];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

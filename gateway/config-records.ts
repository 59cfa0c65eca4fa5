import { z } from 'zod';

/** What pages and commands read of the state that the `config` workflow published; another shape shows less. */
const text = z.string().catch('');
const count = z.number().catch(0);
const list = <T extends z.ZodType>(item: T) => z.array(item).catch([]);

const loss = z
  .object({ before: count, after: count, dropped: count, names: list(z.string()) })
  .catch({ before: 0, after: 0, dropped: 0, names: [] });
const offer = z
  .object({ worker: text, at: text, cause: text, hash: text, dropLimit: count })
  .catch({ worker: '', at: '', cause: '', hash: '', dropLimit: 0 });

const shown = z.object({
  activations: list(
    z.object({ number: z.number(), hash: z.string(), at: text, by: text, why: text }),
  ),
  held: z
    .object({ offer, since: text, jobs: loss, repositories: loss })
    .optional()
    .catch(undefined),
  waiting: list(z.object({ offer, why: text })),
  refused: list(
    z.object({
      worker: text,
      hash: text,
      at: text,
      total: count,
      problems: list(z.object({ file: text, line: count, field: text, text })),
    }),
  ),
  rejected: list(z.object({ hash: text, by: text, at: text })),
});

/** What the `config` workflow remembers. */
export type ShownConfig = z.output<typeof shown>;

/** Reads the row of `config_state`. */
export function shownConfig(state: unknown): ShownConfig {
  return shown.parse(typeof state === 'object' && state !== null ? state : {});
}

/** Where a problem stands: `config.yaml:12`. */
export function placeOfProblem({
  file,
  line,
}: ShownConfig['refused'][number]['problems'][number]): string {
  return line === 0 ? file : `${file}:${line}`;
}

import { z } from 'zod';
import { OptionsError, optional, readable } from './option-values.ts';

/** Who is told of runs besides GitHub and the bucket; Prow's names. */
export interface ReporterOptions {
  /** Files with a Slack token each, by the host that jobs name; `*` is the usual one. */
  readonly slackTokenFiles: Readonly<Record<string, string>>;
  /** Root of Slack's API, if it is not Slack's own. */
  readonly slackEndpoint?: string;
  /** Jobs may publish their changes by Google's Pub/Sub. */
  readonly pubsub: boolean;
}

const hostAndFile = z.string().transform((text, context) => {
  const [, host, file] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (host === undefined) context.addIssue('give HOST=FILE');
  return { host: host ?? '', file: file ?? '' };
});

/** The flags, as Prow's crier has them. */
export const reporterFlags = {
  slackTokenFile: readable.exactOptional(),
  additionalSlackTokenFiles: z.array(hostAndFile).default([]),
  slackEndpoint: z
    .url({ protocol: /^https?$/, error: 'give a URL that begins with http:// or https://' })
    .exactOptional(),
  pubsubWorkers: z.coerce.number('give a number').int('give a whole number').default(0),
};

/** Throws `OptionsError`. */
export function reporterOptions(given: {
  readonly slackTokenFile?: string;
  readonly additionalSlackTokenFiles: readonly { readonly host: string; readonly file: string }[];
  readonly slackEndpoint?: string;
  readonly pubsubWorkers: number;
}): ReporterOptions {
  const more = given.additionalSlackTokenFiles.map(({ host, file }) => {
    const read = readable.safeParse(file);
    if (read.success) return [host, read.data] as const;
    throw new OptionsError(`--additional-slack-token-files: ${file} cannot be read`);
  });
  const usual = given.slackTokenFile;
  return {
    slackTokenFiles: {
      ...(usual === undefined ? {} : { '*': usual }),
      ...Object.fromEntries(more),
    },
    ...optional('slackEndpoint', given.slackEndpoint),
    pubsub: given.pubsubWorkers > 0,
  };
}

/** The same as flags, for a command that is started by another. */
export function flagsOfReporters(options: ReporterOptions): readonly string[] {
  const { slackTokenFiles, slackEndpoint, pubsub } = options;
  return [
    ...Object.entries(slackTokenFiles).map(([host, file]) =>
      host === '*'
        ? `--slack-token-file=${file}`
        : `--additional-slack-token-files=${host}=${file}`,
    ),
    ...(slackEndpoint === undefined ? [] : [`--slack-endpoint=${slackEndpoint}`]),
    ...(pubsub ? ['--pubsub-workers=1'] : []),
  ];
}

import { z } from 'zod';
import { own } from '../own.ts';
import type { ProwConfig } from '../prow/config-file.ts';
import type { RunInput } from './run.ts';

/** What Slack is told of a run: of which states, where and in which words. */
export interface SlackTelling {
  /** Which workspace: a key of the tokens; `*` for the usual one. */
  readonly host: string;
  readonly channel: string;
  readonly states: readonly string[];
  /** In Go's template language, over the ProwJob object. */
  readonly template: string;
}

const texts = z.array(z.string()).nullish();
const slackConfig = z.object({
  host: z.string().catch(''),
  channel: z.string().catch(''),
  job_states_to_report: texts,
  report_template: z.string().catch(''),
  report: z.boolean().nullish(),
});
const globalConfig = slackConfig.extend({ job_types_to_report: texts });
const jobConfig = z.object({ slack: slackConfig.optional() });

const ANY = '*';
/** Prow's own words. */
const USUAL_TEMPLATE =
  'Job {{.Spec.Job}} of type {{.Spec.Type}} ended with state {{.Status.State}}. <{{.Status.URL}}|View logs>';

/** Whether and what Slack is told: the job's wishes over those of its repository (J§1.6, `slack`; R13, R14). */
export function slackTelling(
  { slack_reporter_configs: all }: Pick<ProwConfig, 'slack_reporter_configs'>,
  { type, job, refs }: RunInput,
): SlackTelling | undefined {
  const general = globalConfig.parse(generalConfig(all, refs ?? job.extra_refs?.[0]) ?? {});
  const { slack } = jobConfig.parse(job.reporter_config ?? {});
  // A channel of its own speaks for the job, whatever its type.
  if (!general.job_types_to_report?.includes(type) && !slack?.channel) return undefined;
  const states = slack?.job_states_to_report ?? general.job_states_to_report ?? [];
  if (states.length === 0 || !(slack?.report ?? general.report ?? true)) return undefined;
  return {
    host: slack?.host || general.host || ANY,
    channel: slack?.channel || general.channel,
    states,
    template: slack?.report_template || general.report_template || USUAL_TEMPLATE,
  };
}

function generalConfig(
  all: ProwConfig['slack_reporter_configs'],
  refs: { readonly org: string; readonly repo: string } | undefined,
): unknown {
  if (refs === undefined) return own(all, ANY);
  return own(all, `${refs.org}/${refs.repo}`) ?? own(all, refs.org) ?? own(all, ANY);
}

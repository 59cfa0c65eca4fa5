import { readFile } from 'node:fs/promises';
import { ErrorCode, LogLevel, WebClient } from '@slack/web-api';
import { z } from 'zod';
import { own } from '../../config/own.ts';
import { renderTemplate } from '../../config/template/template.ts';
import { type Reporter, ReportRefused, type RunNews } from './reporter.ts';

/** What the reporter for Slack needs. */
export interface SlackReporterSetting {
  /** Files with a token each, by the host that jobs name; `*` is the usual one. Read at each message. */
  readonly tokenFiles: Readonly<Record<string, string>>;
  /** Root of Slack's API; Slack's own by default. */
  readonly endpoint?: string;
}

/** Less than what a first try of all reporters may take. */
const LIMIT_MS = 4_000;

/** Troubles that pass, or that whoever runs us can mend without changing a job. */
const PASSING = new Set([
  ...['ratelimited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'],
  ...['invalid_auth', 'not_authed', 'account_inactive', 'token_expired', 'token_revoked'],
]);

/** Prow's `slackreporter`: a message per state that the configuration names (J§1.6, R13, R14). */
export function createSlackReporter({ tokenFiles, endpoint }: SlackReporterSetting): Reporter {
  return {
    name: 'slackreporter',
    wants: ({ publication, rendered }) =>
      rendered?.slack?.states.includes(publication.report.state) ?? false,
    report: async ({ rendered, prowjob }: RunNews) => {
      const slack = rendered?.slack;
      if (slack === undefined) return;
      const file = own(tokenFiles, slack.host);
      if (file === undefined) throw new ReportRefused(withoutToken(slack.host));
      const text = textOf(slack.template, prowjob);
      const token = (await readFile(file, 'utf8')).trim();
      const client = new WebClient(token, {
        ...(endpoint === undefined ? {} : { slackApiUrl: `${endpoint.replace(/\/+$/, '')}/` }),
        timeout: LIMIT_MS,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        logLevel: LogLevel.ERROR,
      });
      // Names as Prow's, so that filters and habits keep working.
      const message = { channel: slack.channel, text, username: 'prow', icon_emoji: ':prow:' };
      try {
        await client.chat.postMessage(message);
      } catch (error) {
        throw refusalOf(error, slack.channel);
      }
    },
  };
}

/** A pull request may bring the template along: a long one would be read for long. */
const LONGEST_TEMPLATE = 16_000;

/** What a template fails on today it fails on tomorrow. */
function textOf(template: string, prowjob: unknown): string {
  if (template.length > LONGEST_TEMPLATE) {
    const most = `${LONGEST_TEMPLATE} characters`;
    throw new ReportRefused(`report_template for Slack is longer than ${most}: shorten it.`);
  }
  try {
    return renderTemplate(template, prowjob);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReportRefused(`report_template for Slack cannot be rendered: ${reason}`);
  }
}

function withoutToken(host: string): string {
  return host === '*'
    ? 'there is no token for Slack: give --slack-token-file'
    : `there is no token for the Slack host "${host}": give --additional-slack-token-files=${host}=FILE`;
}

const platformError = z.object({
  code: z.literal(ErrorCode.PlatformError),
  data: z.object({ error: z.string() }),
});

function refusalOf(error: unknown, channel: string): unknown {
  const parsed = platformError.safeParse(error);
  if (!parsed.success || PASSING.has(parsed.data.data.error)) return error;
  return new ReportRefused(
    `Slack refuses a message to the channel "${channel}": ${parsed.data.data.error}`,
  );
}

import { type Command, InvalidArgumentError, Option } from 'commander';

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** A boolean as Go's flag package reads it: `--flag`, `--flag=false`, `--flag=1`. */
export function parseGoBoolean(text: string): boolean {
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw new InvalidArgumentError('give true or false.');
}

/** A flag that may stand alone, for true. */
export function goBoolean(flag: string, description: string): Option {
  return new Option(`--${flag} [bool]`, description).preset('true').argParser(parseGoBoolean);
}

/** A flag that may be given several times. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before?: readonly string[]) => [
    ...(before ?? []),
    value,
  ]);
}

/** The flags that every command shares, under Prow's names. */
export function addSharedFlags(command: Command): Command {
  return command
    .option('--config-path <file>', "Prow's config.yaml")
    .option('--plugin-config <file>', "Prow's plugins.yaml")
    .option('--job-config-path <path>', 'a file or folder of job configuration')
    .addOption(
      repeatable('--supplemental-prow-config-dir <folder>', 'a folder with parts of config.yaml'),
    )
    .option(
      '--supplemental-prow-configs-filename <suffix>',
      'how the names of those parts end (default: _prowconfig.yaml)',
    )
    .addOption(
      repeatable(
        '--supplemental-plugin-config-dir <folder>',
        'a folder with parts of plugins.yaml',
      ),
    )
    .option(
      '--supplemental-plugin-configs-filename-suffix <suffix>',
      'how the names of those parts end (default: _pluginconfig.yaml)',
    )
    .option(
      '--config-drop-limit <share>',
      'a change that drops a larger share of the jobs or repositories waits for `bowsprit config confirm` (default: 0.25; 1: never)',
    )
    .option(
      '--config-rollback-after <duration>',
      'how long all workers must have an older configuration before it comes back (default: 2m; `up`: 0s)',
    )
    .option('--github-token-path <file>', "file with the bot's GitHub token")
    .option('--hmac-secret-file <file>', "file with the webhook secret, or Prow's map of secrets")
    .option('--github-endpoint <url>', 'REST API of GitHub (default: https://api.github.com)')
    .option('--github-graphql-endpoint <url>', 'GraphQL API (default: beside the REST API)')
    .option('--port <port>', 'port of the web server')
    .option('--metrics-port <port>', 'port for /metrics')
    .option('--state-dir <folder>', 'where state is kept between starts')
    .option(
      '--kubeconfig <file>',
      'the build clusters: a context per cluster, under the name that jobs call it by',
    )
    .option(
      '--webhook-url <url>',
      "the web server's /hook as GitHub reaches it: failed deliveries of hooks with it are repeated",
    )
    .option(
      '--storage <url>',
      'logs and artifacts of jobs that name no bucket: file:///FOLDER, gs://BUCKET or s3://BUCKET (default: in the state folder)',
    )
    .option('--gcs-credentials-file <file>', "JSON of a service account for Google's storage")
    .option(
      '--s3-credentials-file <file>',
      "Prow's JSON for S3: region, endpoint, insecure, s3_force_path_style, access_key, secret_key",
    )
    .option('--slack-token-file <file>', 'file with the token that runs are told to Slack with')
    .addOption(
      repeatable(
        '--additional-slack-token-files <HOST=FILE>',
        'the same for a host that jobs name; may be given several times',
      ),
    )
    .option('--slack-endpoint <url>', "root of Slack's API (default: Slack's own)")
    .option(
      '--pubsub-workers <count>',
      "above 0, runs whose annotations name a topic are told to Google's Pub/Sub (default: 0)",
    )
    .option(
      '--repair-interval <duration>',
      'how often failed webhooks are looked for (default: 5m, 30s when practising)',
    )
    .addOption(
      repeatable(
        '--local-executor-trust <ORG/REPO>',
        'a repository whose jobs may run on this machine; may be given several times',
      ),
    )
    .addOption(
      repeatable(
        '--local-executor-network <ORG/REPO>',
        "a repository whose trusted jobs share this machine's network; may be given several times",
      ),
    );
}

/** The flags of gateway and worker alone. */
export function addServiceFlags(command: Command): Command {
  return addSharedFlags(command)
    .addOption(
      goBoolean('dry-run', 'decide, store and show, but write nothing to GitHub (default: true)'),
    )
    .addOption(goBoolean('practice', 'the GitHub is the emulator on this machine'))
    .option('--tot-url <url>', "Prow's service of build ids (default: they are made here)")
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option(
      '--in-repo-config-cache-size <count>',
      "commits whose repository's own jobs are remembered (default: 200)",
    )
    .option('--webhook-path <path>', 'where webhooks are taken (default: /hook)')
    .option('--public-url <url>', 'root of the pages, for links (default: http://127.0.0.1:8888)');
}

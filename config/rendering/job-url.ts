import { own } from '../own.ts';
import type { ProwConfig } from '../prow/config-file.ts';
import { renderTemplate } from '../template/template.ts';
import type { ProwJobStatus } from './prow-job.ts';
import { prowJob } from './prow-job.ts';
import type { RunInput } from './run.ts';
import { joined, parseBucket, storagePath } from './storage.ts';

/** The page of a run (J§1.1.6): below the configured prefix for decorated jobs, else by the template; may be empty. */
export function jobUrl(
  { plank }: Pick<ProwConfig, 'plank'>,
  run: RunInput,
  status: ProwJobStatus & { readonly build_id: string },
): string {
  const gcs = run.job.decoration_config?.gcs_configuration;
  const prefix = gcs?.job_url_prefix || prefixFor(plank.job_url_prefix_config, run);
  if (gcs === undefined || !prefix)
    return renderTemplate(plank.job_url_template, prowJob(run, status));
  const { provider, name } = parseBucket(gcs.bucket ?? '');
  const { directory } = storagePath(run, status.build_id, gcs);
  const segments = plank.jobURLPrefixDisableAppendStorageProvider ? [] : [provider];
  const path = joined(...segments, name, directory);
  return `${prefix.replace(/\/+$/, '').replace(/^\w+:/, lower)}/${escaped(path.replace(/^\//, ''))}`;
}

function prefixFor(
  prefixes: Readonly<Record<string, string>>,
  { refs, job }: RunInput,
): string | undefined {
  const main = refs ?? job.extra_refs?.[0];
  if (main === undefined) return prefixes['*'];
  if (main.org === '') return prefixes['*'];
  return own(prefixes, `${main.org}/${main.repo}`) || own(prefixes, main.org) || prefixes['*'];
}

function lower(text: string): string {
  return text.toLowerCase();
}

// As Go escapes a path: all but letters, digits and these.
function escaped(path: string): string {
  return path.replace(/[^\w\-.~$&+,/:;=@]/gu, (one) =>
    encodeURIComponent(one).replace(
      /[!'()*]/g,
      (plain) => `%${plain.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  );
}

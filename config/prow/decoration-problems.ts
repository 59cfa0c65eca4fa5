import { urlProblem } from '../url.ts';
import type { DecorationConfig, GcsConfiguration } from './decoration.ts';

/** What is wrong with a decoration, and in which of its fields. */
export interface DecorationProblem {
  readonly field: string;
  readonly why: string;
  readonly next: string;
}

const IMAGES = ['clonerefs', 'initupload', 'entrypoint', 'sidecar'] as const;
const TOKEN = String.raw`[\w!#$%&'*+.^\x60|~-]+`;
const MEDIA_TYPE = new RegExp(
  String.raw`^\s*${TOKEN}(?:/${TOKEN})?\s*(?:;\s*${TOKEN}=(?:${TOKEN}|"[^"]*")\s*)*;?\s*$`,
);
const STRATEGIES = ['legacy', 'single', 'explicit'];

/** What keeps a pod from being decorated (J§1.1.1). */
export function decorationProblems(config: DecorationConfig): readonly DecorationProblem[] {
  const images = config.utility_images ?? {};
  const missing = IMAGES.filter((name) => (images[name] ?? '') === '');
  return [
    ...missing.map((name) => ({
      field: 'utility_images',
      why: `there is no image of ${name}`,
      next: `Set utility_images.${name}, for all jobs in plank's default decoration.`,
    })),
    ...storageProblems(config.gcs_configuration),
    ...((config.ssh_key_secrets ?? []).length > 0 && config.oauth_token_secret !== undefined
      ? [
          {
            field: 'oauth_token_secret',
            why: 'it has both oauth_token_secret and ssh_key_secrets',
            next: 'Keep one of the two.',
          },
        ]
      : []),
  ];
}

function storageProblems(gcs: GcsConfiguration | undefined): readonly DecorationProblem[] {
  const field = 'gcs_configuration';
  if (gcs === undefined) {
    const next = 'Say where logs and artifacts go: bucket, path_strategy.';
    return [{ field, why: 'there is no gcs_configuration', next }];
  }
  const why = bucketProblem(gcs) ?? mediaProblem(gcs) ?? strategyProblem(gcs);
  return why === undefined ? [] : [{ field, why, next: 'Correct the configuration.' }];
}

function bucketProblem({ bucket = '' }: GcsConfiguration): string | undefined {
  const problem = urlProblem(bucket.includes('://') ? bucket : `gs://${bucket}`);
  return problem && `the bucket is no address: ${problem}`;
}

function mediaProblem({ mediaTypes = {} }: GcsConfiguration): string | undefined {
  const type = Object.values(mediaTypes).find((one) => !MEDIA_TYPE.test(one));
  return type === undefined ? undefined : `${JSON.stringify(type)} is no media type`;
}

function strategyProblem(gcs: GcsConfiguration): string | undefined {
  const strategy = gcs.path_strategy ?? '';
  if (!STRATEGIES.includes(strategy)) {
    return `path_strategy ${JSON.stringify(strategy)} is none of ${STRATEGIES.join(', ')}`;
  }
  const lacks = (gcs.default_org ?? '') === '' || (gcs.default_repo ?? '') === '';
  return strategy !== 'explicit' && lacks
    ? `path_strategy ${strategy} needs default_org and default_repo`
    : undefined;
}

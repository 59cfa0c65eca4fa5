import { expect, test } from 'vitest';
import { parseConfig } from '../../config/parse.ts';
import { mayShow } from '../../config/rendering/shown-buckets.ts';

const configured = (deck: string) =>
  parseConfig({
    config: {
      name: 'config.yaml',
      text: `
deck: ${deck}
plank:
  default_decoration_configs:
    '*':
      gcs_configuration: { bucket: ci-logs, path_strategy: explicit }
      utility_images: { clonerefs: a, initupload: b, entrypoint: c, sidecar: d }
`,
    },
    jobs: [
      {
        name: 'jobs.yaml',
        text: `
periodics:
- name: nightly
  interval: 1h
  decorate: true
  decoration_config: { gcs_configuration: { bucket: 's3://nights' } }
  spec: { containers: [{ image: i, command: [c] }] }
`,
      },
    ],
  });

test.for([
  ['gs://ci-logs/logs/a/1', true],
  ['s3://nights/logs/a/1', true],
  ['gs://more/logs/a/1', true],
  ['gs://other/ci-logs/1', false],
  ['s3://ci-logs.evil/logs', false],
  ['file:///var/bowsprit/logs', true],
] as const)('with checked buckets, %s may be shown: %s', ([location, shown]) => {
  const snapshot = configured(
    '{ skip_storage_path_validation: false, additional_allowed_buckets: [more] }',
  );

  expect(mayShow(snapshot, location)).toBe(shown);
});

test('unless they are checked, every bucket that a run lies in may be shown, as in Prow', () => {
  expect(mayShow(configured('{}'), 'gs://other/logs/a/1')).toBe(true);
});

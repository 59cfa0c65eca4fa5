import { expect, test } from 'vitest';
import { parseConfig } from '../../config/parse.ts';
import { slackTelling } from '../../config/rendering/slack.ts';
import { findJob, periodics } from '../../config/snapshot.ts';

const snapshot = parseConfig({
  config: {
    name: 'config.yaml',
    text: `
slack_reporter_configs:
  '*': { job_types_to_report: [postsubmit], job_states_to_report: [failure], channel: all }
  acme: { job_types_to_report: [presubmit], job_states_to_report: [failure, error], channel: acme }
  acme/shop: { job_types_to_report: [presubmit, postsubmit], job_states_to_report: [failure, error], channel: shop, host: own, report_template: '{{.Spec.Job}}!' }
`,
  },
  jobs: [
    {
      name: 'jobs.yaml',
      text: `
presubmits:
  acme/shop:
  - &job { name: usual, spec: { containers: [{ image: i }] } }
  - { <<: *job, name: silent, reporter_config: { slack: { report: false } } }
  - { <<: *job, name: empty, reporter_config: { slack: { job_states_to_report: [] } } }
  - { <<: *job, name: own, reporter_config: { slack: { channel: mine, job_states_to_report: [success], report_template: 'mine' } } }
  acme/depot:
  - { <<: *job, name: depot }
  other/place:
  - { <<: *job, name: presubmit-elsewhere }
periodics:
- { <<: *job, name: nightly, interval: 1h }
- { <<: *job, name: nightly-told, interval: 1h, reporter_config: { slack: { channel: nights } } }
- { <<: *job, name: nightly-shop, interval: 1h, extra_refs: [{ org: acme, repo: shop, base_ref: main }], reporter_config: { slack: { channel: nights } } }
`,
    },
  ],
});
const USUAL =
  'Job {{.Spec.Job}} of type {{.Spec.Type}} ended with state {{.Status.State}}. <{{.Status.URL}}|View logs>';

test.for([
  [
    'acme/shop',
    'usual',
    { host: 'own', channel: 'shop', states: ['failure', 'error'], template: '{{.Spec.Job}}!' },
  ],
  // R13: a job may refuse.
  ['acme/shop', 'silent', undefined],
  ['acme/shop', 'empty', undefined],
  ['acme/shop', 'own', { host: 'own', channel: 'mine', states: ['success'], template: 'mine' }],
  [
    'acme/depot',
    'depot',
    { host: '*', channel: 'acme', states: ['failure', 'error'], template: USUAL },
  ],
  ['other/place', 'presubmit-elsewhere', undefined],
] as const)('a presubmit of %s, %s', ([place, name, told]) => {
  const [org, repo] = place.split('/') as [string, string];
  const job = findJob(snapshot, { type: 'presubmit', org, repo, name }, 'main');
  if (job === undefined) throw new Error('no such job');

  const refs = { org, repo, base_ref: 'main' };
  expect(slackTelling(snapshot.prow, { uuid: 'u', type: 'presubmit', job, refs })).toEqual(told);
});

test.for([
  ['nightly', undefined],
  // R14: a channel of its own speaks for a job, whatever types are told in general.
  ['nightly-told', { host: '*', channel: 'nights', states: ['failure'], template: USUAL }],
  [
    'nightly-shop',
    { host: 'own', channel: 'nights', states: ['failure', 'error'], template: '{{.Spec.Job}}!' },
  ],
] as const)('a periodic, %s', ([name, told]) => {
  const job = periodics(snapshot).find((one) => one.name === name);
  if (job === undefined) throw new Error('no such job');

  expect(slackTelling(snapshot.prow, { uuid: 'u', type: 'periodic', job })).toEqual(told);
});

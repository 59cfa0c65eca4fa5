import { describe, expect, test } from 'vitest';
import { podOf } from '../../config/rendering/pod.ts';
import type { Pod } from '../../config/rendering/pod-types.ts';
import { newProwJob } from '../../config/rendering/render-all.ts';
import type { RunInput } from '../../config/rendering/run.ts';
import { snapshotOf, withSpec } from './sample.ts';

const images = { clonerefs: 'c', initupload: 'i', entrypoint: 'e', sidecar: 's' };
const defaults = {
  timeout: '2h',
  grace_period: '15m',
  utility_images: images,
  gcs_configuration: { bucket: 'b', path_strategy: 'explicit' },
  gcs_credentials_secret: 'sa',
};
const refs = {
  org: 'o',
  repo: 'r',
  base_ref: 'main',
  base_sha: 'a'.repeat(40),
  pulls: [{ number: 7, author: 'me', sha: 'b'.repeat(40) }],
};

function podFor(job: object, more: Partial<RunInput> & { outputFolder?: string } = {}): Pod {
  const { jobs } = snapshotOf({
    plank: { default_decoration_config_entries: [{ config: defaults }] },
    presubmits: { 'o/r': [withSpec({ name: 'x', decorate: true, ...job })] },
  });
  const [found] = jobs.presubmits['o/r'] ?? [];
  if (found === undefined) throw new Error('the sample has no job');
  const { outputFolder, ...input } = more;
  const run: RunInput = { uuid: 'u', type: 'presubmit', job: found, refs, ...input };
  const pod = podOf(newProwJob(run, '1'), outputFolder);
  if (pod === undefined) throw new Error('the run has no pod');
  return pod;
}

function names(list: readonly { readonly name: string }[] = []): readonly string[] {
  return list.map(({ name }) => name);
}

function options(pod: Pod, container: string, variable: string): Record<string, unknown> {
  const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const env = all.find(({ name }) => name === container)?.env ?? [];
  return JSON.parse(env.find(({ name }) => name === variable)?.value ?? '{}');
}

describe('the pod of a decorated run (J§1.4)', () => {
  test('D01: containers and volumes in their order, and the grace of the pod', () => {
    const { spec } = podFor({});

    expect(names(spec.initContainers)).toEqual(['clonerefs', 'initupload', 'place-entrypoint']);
    expect(names(spec.containers)).toEqual(['test', 'sidecar']);
    expect(names(spec.volumes)).toEqual([
      'logs',
      'tools',
      'gcs-credentials',
      'clonerefs-tmp',
      'code',
    ]);
    expect(spec['terminationGracePeriodSeconds']).toBe(1125);
    expect(spec['restartPolicy']).toBe('Never');
    expect(spec['automountServiceAccountToken']).toBe(false);
  });

  test('D02: several containers keep their names and have files of their own', () => {
    const containers = ['unit', 'lint'].map((name) => ({ name, image: 'x', command: ['y'] }));
    const pod = podFor({ spec: { containers } });

    expect(names(pod.spec.containers)).toEqual(['unit', 'lint', 'sidecar']);
    expect(options(pod, 'lint', 'ENTRYPOINT_OPTIONS')).toMatchObject({
      args: ['y'],
      timeout: 7_200_000_000_000,
      process_log: '/logs/lint-log.txt',
      marker_file: '/logs/lint-marker.txt',
      metadata_file: '/logs/artifacts/lint-metadata.json',
    });
  });

  test('D03: a periodic without extra refs clones nothing', () => {
    const { jobs } = snapshotOf({
      plank: { default_decoration_config_entries: [{ config: defaults }] },
      periodics: [withSpec({ name: 'p', interval: '1h', decorate: true })],
    });
    const [job] = jobs.periodics;
    if (job === undefined) throw new Error('the sample has no job');
    const pod = podOf(newProwJob({ uuid: 'u', type: 'periodic', job }, '1'));

    expect(names(pod?.spec.initContainers)).toEqual(['initupload', 'place-entrypoint']);
    expect(names(pod?.spec.volumes)).toEqual(['logs', 'tools', 'gcs-credentials']);
  });

  test.for<[object, string]>([
    [{}, '/home/prow/go/src/github.com/o/r'],
    [{ path_alias: 'k8s.io/x/' }, '/home/prow/go/src/k8s.io/x'],
    [
      { extra_refs: [{ org: 'o', repo: 'y', base_ref: 'main', workdir: true }] },
      '/home/prow/go/src/github.com/o/y',
    ],
  ])('D04: %j is tested in %s', ([job, folder]) => {
    expect(podFor(job).spec.containers[0]?.['workingDir']).toBe(folder);
  });

  test('D05: an undecorated job only gets variables', () => {
    const { spec } = podFor({ decorate: false });

    expect(names(spec.containers)).toEqual(['test']);
    expect(spec.initContainers).toBeUndefined();
    expect(spec.containers[0]?.command).toEqual(['true']);
    expect(names(spec.containers[0]?.env)).toContain('JOB_SPEC');
    expect(names(spec.containers[0]?.env)).not.toContain('ARTIFACTS');
  });

  test('secrets that a test sees are seen by the sidecar, to be censored', () => {
    const spec = {
      containers: [{ image: 'x', args: ['y'], volumeMounts: [{ name: 'q', mountPath: '/q' }] }],
      volumes: [{ name: 'q', secret: { secretName: 'z' } }],
    };
    const seen = podFor({ spec, decoration_config: { censor_secrets: true } });
    const unseen = podFor({ spec });

    expect(options(seen, 'sidecar', 'SIDECAR_OPTIONS')['censoring_options']).toEqual({
      secret_directories: ['/q'],
    });
    expect(names(seen.spec.containers[1]?.volumeMounts)).toContain('q');
    expect(names(unseen.spec.containers[1]?.volumeMounts)).not.toContain('q');
  });

  test('every way to be let in by a Git server', () => {
    const pod = podFor({
      decoration_config: {
        ssh_key_secrets: ['k'],
        cookiefile_secret: 'cook/ies',
        github_app_id: '5',
        github_app_private_key_secret: { name: 'app', key: 'pem' },
        github_api_endpoints: ['http://ghproxy'],
      },
    });

    expect(pod.spec.initContainers?.[0]?.args).toEqual(['--cookiefile=/secrets/cookiefile/ies']);
    expect(options(pod, 'clonerefs', 'CLONEREFS_OPTIONS')).toMatchObject({
      key_files: ['/secrets/ssh/k'],
      cookie_path: '/secrets/cookiefile/ies',
      github_api_endpoints: ['http://ghproxy'],
      github_app_id: '5',
      github_app_private_key_file: '/secrets/github-app/pem',
    });
    expect(names(pod.spec.volumes)).toEqual([
      'logs',
      'tools',
      'gcs-credentials',
      'ssh-keys-k',
      'app',
      'clonerefs-tmp',
      'cookiefile',
      'code',
    ]);
  });

  test('what the configuration says of the pod holds where the job is silent', () => {
    const decoration_config = {
      run_as_user: 0,
      fs_group: 5,
      default_service_account_name: 'builder',
      default_memory_request: '3Gi',
      set_limit_equals_memory_request: true,
      scheduling_options: { tolerations: [{ key: 'k' }] },
    };
    const silent = podFor({ decoration_config }).spec;
    const spoken = podFor({
      decoration_config,
      spec: {
        containers: [{ image: 'x', args: ['y'], resources: { requests: { memory: '1Gi' } } }],
        securityContext: { runAsUser: 7 },
        serviceAccountName: 'own',
        tolerations: [],
      },
    }).spec;

    expect(silent['securityContext']).toEqual({ runAsUser: 0, fsGroup: 5 });
    expect(silent['serviceAccountName']).toBe('builder');
    expect(silent['tolerations']).toEqual([{ key: 'k' }]);
    expect(silent.containers[0]?.resources?.limits).toEqual({ memory: '3Gi' });
    expect(spoken['securityContext']).toEqual({ runAsUser: 7, fsGroup: 5 });
    expect(spoken['serviceAccountName']).toBe('own');
    expect(spoken['tolerations']).toEqual([]);
    expect(spoken.containers[0]?.resources?.limits).toEqual({ memory: '1Gi' });
  });

  test('skip_cloning leaves the folder of the job as it is', () => {
    const spec = { containers: [{ image: 'x', args: ['y'], workingDir: '/w' }] };
    const pod = podFor({ spec, decoration_config: { skip_cloning: true } });

    expect(names(pod.spec.initContainers)).not.toContain('clonerefs');
    expect(pod.spec.containers[0]?.['workingDir']).toBe('/w');
  });

  test('local files need a folder and no credentials', () => {
    const pod = podFor({}, { outputFolder: '/out' });

    expect(names(pod.spec.volumes)).not.toContain('gcs-credentials');
    expect(pod.spec.volumes).toContainEqual({ name: 'output', hostPath: { path: '/out' } });
    expect(options(pod, 'initupload', 'INITUPLOAD_OPTIONS')['local_output_dir']).toBe('/output');
  });
});

describe('a PodSpec as Kubernetes holds it', () => {
  const container = { image: 'x', command: ['y'] };
  test.for<[string, object, object]>([
    ['what it does not know is gone', { bogus: 1 }, {}],
    ['a zero that it does not write is gone', { tty: false, stdin: true }, { stdin: true }],
    [
      'a zero that it writes stays',
      { securityContext: { privileged: false, runAsUser: 0 } },
      { securityContext: { privileged: false, runAsUser: 0 } },
    ],
    ['case does not matter', { workingdir: '/w' }, { workingDir: '/w' }],
    [
      'a port is always written',
      { ports: [{ protocol: 'TCP' }] },
      { ports: [{ protocol: 'TCP', containerPort: 0 }] },
    ],
  ])('%s', ([, given, expected]) => {
    const [first] = podFor({ decorate: false, spec: { containers: [{ ...container, ...given }] } })
      .spec.containers;
    const {
      name: _,
      env: __,
      resources: ___,
      terminationMessagePolicy: ____,
      ...rest
    } = { ...first };

    expect(rest).toEqual({ ...container, ...expected });
  });
});

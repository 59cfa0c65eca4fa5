import { Counter, Gauge, type Registry } from 'prom-client';
import type { ActiveConfig } from '../activities/decide/sources.ts';
import type { ConfigFiles } from '../config/reading.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';

/** The figures of a worker's configuration; the names are Prow's where Prow has them (J§5.4). */
export interface ConfigMetrics {
  /** The files are good. */
  loaded(files: ConfigFiles, snapshot: ConfigSnapshot): void;
  /** The files are refused. */
  refused(): void;
  active(config: ActiveConfig): void;
}

/** Makes the figures. */
export function createConfigMetrics(registry: Registry): ConfigMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const sizes = new Gauge({
    name: 'prow_configmap_size_bytes',
    help: 'Size of the configuration as this worker loaded it: config, plugins, job-config.',
    labelNames: ['name', 'namespace'],
    registers,
  });
  const loads = new Counter({
    name: 'bowsprit_config_loads_total',
    help: 'Loads of the configuration files that were good.',
    registers,
  });
  const errors = new Counter({
    name: 'bowsprit_config_load_errors_total',
    help: 'Loads of the configuration files that were refused.',
    registers,
  });
  errors.inc(0);
  const refused = gauge(
    'bowsprit_config_files_refused',
    '1 while the files of this worker are refused, and what is active stays.',
  );
  const number = gauge('bowsprit_config_number', 'Number of the configuration in force here.');
  const since = gauge(
    'bowsprit_config_taken_timestamp_seconds',
    'When this worker took up the configuration in force.',
  );
  const jobs = new Gauge({
    name: 'bowsprit_config_jobs',
    help: 'Jobs of the configuration in force here.',
    labelNames: ['type'],
    registers,
  });
  return {
    loaded: (files, { prow }) => {
      loads.inc();
      refused.set(0);
      for (const [name, bytes] of Object.entries(sizesOf(files))) {
        sizes.set({ name, namespace: prow.prowjob_namespace }, bytes);
      }
    },
    refused: () => {
      errors.inc();
      refused.set(1);
    },
    active: ({ number: active, snapshot }) => {
      number.set(active);
      since.set(Date.now() / 1000);
      const count = (lists: Readonly<Record<string, readonly unknown[]>>) =>
        Object.values(lists).reduce((sum, list) => sum + list.length, 0);
      jobs.set({ type: 'presubmit' }, count(snapshot.jobs.presubmits));
      jobs.set({ type: 'postsubmit' }, count(snapshot.jobs.postsubmits));
      jobs.set({ type: 'periodic' }, snapshot.jobs.periodics.length);
    },
  };
}

function sizesOf(files: ConfigFiles): Readonly<Record<string, number>> {
  const { config, supplemental = [], jobs = [], plugins, supplementalPlugins = [] } = files;
  const bytes = (list: readonly { readonly text: string }[]) =>
    list.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  return {
    config: bytes([config, ...supplemental]),
    'job-config': bytes(jobs),
    plugins: bytes([...(plugins ? [plugins] : []), ...supplementalPlugins]),
  };
}

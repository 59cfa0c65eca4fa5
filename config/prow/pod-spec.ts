import { z } from 'zod';
import type { DeepReadonly } from './fields.ts';
import { quantity, scalarByKey, text, textByKey, typed } from './fields.ts';

// The parts of Kubernetes' types that this program reads; all that a name may lack, Prow takes for "".
const variable = { name: text.optional(), value: text.optional() };
const mount = { name: text.optional(), mountPath: text.optional() };
const volume = { name: text.optional() };

const quantities = z.record(z.string(), quantity);

const container = z.looseObject({
  name: text.optional(),
  image: text.optional(),
  command: z.array(text).optional(),
  args: z.array(text).optional(),
  env: z.array(z.looseObject(variable)).optional(),
  resources: z
    .looseObject({ limits: quantities.optional(), requests: quantities.optional() })
    .optional(),
  volumeMounts: z.array(z.looseObject(mount)).optional(),
});

/** A Kubernetes PodSpec; what its types do not know passes untouched. */
export const podSpec = typed('PodSpec', {
  containers: z.array(container).default([]),
  initContainers: z.array(container).optional(),
  volumes: z.array(z.looseObject(volume)).optional(),
  nodeSelector: textByKey.optional(),
  tolerations: z.array(z.looseObject({})).optional(),
});

/** What a job runs. */
export type PodSpec = DeepReadonly<z.infer<typeof podSpec>>;

/** One container of a job. */
export type Container = DeepReadonly<z.infer<typeof container>>;

/** A set of additions for jobs that carry certain labels (J§4.2, `presets`), as `config.yaml` has it. */
export const preset = z.object({
  labels: textByKey.default({}),
  env: z.array(typed('EnvVar', variable)).default([]),
  volumes: z.array(typed('Volume', volume)).default([]),
  volumeMounts: z.array(typed('VolumeMount', mount)).default([]),
  tolerations: z.array(typed('Toleration', {})).default([]),
});

/** The same as a job file has it: there Prow reads a bare number or boolean as text. */
export const presetOfFile = z.object({
  labels: scalarByKey.default({}),
  env: z.array(typed('EnvVar', variable, { scalars: true })).default([]),
  volumes: z.array(typed('Volume', volume, { scalars: true })).default([]),
  volumeMounts: z.array(typed('VolumeMount', mount, { scalars: true })).default([]),
  tolerations: z.array(typed('Toleration', {}, { scalars: true })).default([]),
});

/** See `preset`. */
export type Preset = DeepReadonly<z.infer<typeof preset>>;

/** Adds to a pod every preset whose labels the job has all of; `clash` hears of names that are there already. */
export type ApplyPresets = (
  spec: PodSpec,
  labels: Readonly<Record<string, string>>,
  clash: (what: string) => void,
) => PodSpec;

/** Thousands of jobs are held against dozens of presets, so these are found by one of their labels. */
export function createPresets(presets: readonly Preset[]): ApplyPresets {
  const forAll = presets.flatMap((preset, index) =>
    firstLabel(preset) === undefined ? index : [],
  );
  const byLabel = new Map<string, number[]>();
  presets.forEach((preset, index) => {
    const label = firstLabel(preset);
    if (label !== undefined) byLabel.set(label, [...(byLabel.get(label) ?? []), index]);
  });
  return (spec, labels, clash) => {
    const chosen = [...forAll];
    for (const key in labels) chosen.push(...(byLabel.get(pairOf(key, labels[key])) ?? []));
    return chosen
      .sort((one, other) => one - other)
      .flatMap((index) => presets[index] ?? [])
      .filter((preset) => wants(labels, preset))
      .reduce((merged, preset) => applyPreset(merged, preset, clash), spec);
  };
}

function firstLabel({ labels }: Preset): string | undefined {
  for (const key in labels) return pairOf(key, labels[key]);
  return undefined;
}

function pairOf(key: string, value: string | undefined): string {
  return `${key}:${value}`;
}

function wants(labels: Readonly<Record<string, string>>, preset: Preset): boolean {
  for (const key in preset.labels) if (labels[key] !== preset.labels[key]) return false;
  return true;
}

function applyPreset(spec: PodSpec, preset: Preset, clash: (what: string) => void): PodSpec {
  const add = createJoin(clash);
  const { volumes, tolerations, containers } = spec;
  return {
    ...spec,
    ...(preset.volumes.length > 0 && { volumes: add('volume', volumes, preset.volumes) }),
    ...(preset.tolerations.length > 0 && {
      tolerations: add('toleration', tolerations, preset.tolerations),
    }),
    containers: containers.map((container) => ({
      ...container,
      ...(preset.env.length > 0 && { env: add('variable', container.env, preset.env) }),
      ...(preset.volumeMounts.length > 0 && {
        volumeMounts: add('mount', container.volumeMounts, preset.volumeMounts),
      }),
    })),
  };
}

function createJoin(clash: (what: string) => void) {
  return <Item extends object>(
    kind: string,
    present: readonly Item[] | undefined,
    added: readonly Item[],
  ): readonly Item[] => {
    const names = new Set((present ?? []).map((item) => nameOf(kind, item)));
    for (const name of added.map((item) => nameOf(kind, item))) {
      if (names.has(name)) clash(`${kind} ${name}`);
      names.add(name);
    }
    return [...(present ?? []), ...added];
  };
}

// Tolerations have no names: they are the same if all that they say is.
function nameOf(kind: string, item: object): string {
  if (kind !== 'toleration') return 'name' in item ? String(item.name) : '';
  return JSON.stringify(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)));
}

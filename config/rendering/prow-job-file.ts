import { z } from 'zod';
import type { Problem } from '../problem.ts';
import { ConfigError } from '../problem.ts';
import { decorationConfig } from '../prow/decoration.ts';
import { text, textByKey } from '../prow/fields.ts';
import { podSpec } from '../prow/pod-spec.ts';
import { refs } from '../prow/refs.ts';
import type { ConfigFile } from '../source.ts';
import { accept, createLocate, createReport, readSource } from '../source.ts';
import type { ProwJob } from './prow-job.ts';
import { normalDecoration, normalPodSpec } from './prow-job.ts';
import { compact } from './run.ts';

const prowJobFile = z.object({
  metadata: z.object({
    name: text.default(''),
    labels: textByKey.default({}),
    annotations: textByKey.default({}),
  }),
  spec: z.looseObject({
    type: z.enum(['presubmit', 'postsubmit', 'periodic', 'batch'], {
      error: 'this must be presubmit, postsubmit, periodic or batch',
    }),
    agent: text.default(''),
    cluster: text.default(''),
    namespace: text.default(''),
    job: text.default(''),
    context: text.default(''),
    refs: refs.optional(),
    extra_refs: z.array(refs).optional(),
    decoration_config: decorationConfig.optional(),
    pod_spec: podSpec.optional(),
  }),
  status: z
    .looseObject({
      state: text.default(''),
      startTime: text.default(''),
      build_id: text.optional(),
    })
    .default({ state: '', startTime: '' }),
});

/**
 * Reads a ProwJob object from YAML or JSON.
 * @throws ConfigError if it is none
 */
export function parseProwJob(file: ConfigFile): ProwJob {
  const problems: Problem[] = [];
  const { value } = readSource(file, problems);
  const report = createReport(problems, createLocate([file]));
  const place = { file: file.name, path: [] };
  const found = accept(() => prowJobFile.parse(value ?? {}), place, { report, value });
  if (found === undefined || problems.length > 0) throw new ConfigError(problems);
  const { metadata, status } = found;
  const { pod_spec, decoration_config, refs: main, extra_refs, ...spec } = found.spec;
  const { build_id, state, startTime } = status;
  return {
    apiVersion: 'prow.k8s.io/v1',
    kind: 'ProwJob',
    metadata,
    spec: {
      ...spec,
      ...(main === undefined ? {} : { refs: cleaned(main) }),
      ...(extra_refs === undefined ? {} : { extra_refs: extra_refs.map(cleaned) }),
      ...(pod_spec === undefined ? {} : { pod_spec: normalPodSpec(pod_spec) }),
      ...(decoration_config === undefined
        ? {}
        : { decoration_config: normalDecoration(decoration_config) }),
    },
    status: { state, startTime, ...(build_id === undefined ? {} : { build_id }) },
  };
}

function cleaned(found: z.infer<typeof refs>): z.infer<typeof refs> {
  const { org, repo, base_ref, blobless_fetch } = found;
  return {
    ...compact(found),
    org,
    repo,
    base_ref,
    ...(blobless_fetch === undefined ? {} : { blobless_fetch }),
  };
}

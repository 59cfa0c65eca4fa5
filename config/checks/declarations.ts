import { z } from 'zod';
import { pluginsFile } from '../plugins-file.ts';
import { prowConfig } from '../prow/config-file.ts';
import { flag } from '../prow/fields.ts';
import { periodic, postsubmit, presubmit } from '../prow/jobs.ts';
import { presetOfFile } from '../prow/pod-spec.ts';

/** What a job file may hold (J§4.1). */
export const jobsDeclaration = z.object({
  presets: z
    .array(presetOfFile)
    .default([])
    .describe('Additions to the pods of all jobs that carry certain labels.'),
  presubmits: z
    .record(z.string(), z.array(presubmit))
    .default({})
    .describe('Jobs of pull requests, by org/repo.'),
  postsubmits: z
    .record(z.string(), z.array(postsubmit))
    .default({})
    .describe('Jobs of pushes, by org/repo.'),
  periodics: z.array(periodic).default([]).describe('Jobs of the clock.'),
  decorate_all_jobs: flag.default(false).describe('Jobs use the pod utilities unless they say no.'),
  prow_ignored: z.unknown().optional().describe('Nothing reads it: a place for YAML anchors.'),
});

/** What `.prow.yaml` and the files of `.prow` may hold (J§4.4). */
export const inRepoDeclaration = jobsDeclaration
  .pick({ presets: true, prow_ignored: true })
  .extend({
    presubmits: z.array(presubmit).default([]).describe('Jobs of pull requests.'),
    postsubmits: z.array(postsubmit).default([]).describe('Jobs of pushes.'),
  });

/** What `config.yaml` may hold (J§4.2). */
export const configDeclaration = prowConfig.extend(jobsDeclaration.shape);

/** What `plugins.yaml` may hold (W§1). */
export const pluginsDeclaration = pluginsFile;

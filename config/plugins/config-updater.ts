import { z } from 'zod';
import { flag, scalar, scalars } from '../prow/fields.ts';

const configMap = z.object({
  name: scalar.default('').describe('Name of the ConfigMap.'),
  partitioned_names: scalars.describe(
    'ConfigMaps over which the keys are spread; instead of a name.',
  ),
  key: scalar.default('').describe('Key in the ConfigMap; the base name of the file unless given.'),
  gzip: flag.optional().describe('The file is packed; as the section says unless given.'),
  clusters: z
    .record(z.string(), z.array(scalar))
    .default({})
    .describe('Namespaces by build cluster.'),
  cluster_groups: scalars.describe('Names of groups; instead of clusters.'),
  use_full_path_as_key: flag.default(false).describe('The whole path is the key, with dashes.'),
  allowed_repos: scalars.describe(
    'Organisations and repositories that may update it; all if empty.',
  ),
  denied_repos: scalars.describe('Organisations and repositories that may not.'),
});

/** `config_updater`: which merged files become which ConfigMaps. */
export const configUpdaterSection = z.object({
  cluster_groups: z
    .record(
      z.string(),
      z.object({
        clusters: scalars.describe('Build clusters.'),
        namespaces: scalars.describe('Namespaces in each.'),
      }),
    )
    .default({})
    .describe('Named groups of clusters.'),
  maps: z.record(z.string(), configMap).default({}).describe('By pattern of paths.'),
  gzip: flag.default(false).describe('Files are packed.'),
});

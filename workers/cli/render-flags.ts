import type { Command } from 'commander';
import { z } from 'zod';
import type { ConfigPaths } from '../../config/load.ts';
import type { RenderRequest } from '../../config/rendering/render-all.ts';
import { OptionsError } from '../option-values.ts';
import { repeatable } from './flags.ts';

const flags = z.object({
  configPath: z.string().optional(),
  jobConfigPath: z.string().optional(),
  supplementalProwConfigDir: z.array(z.string()).optional(),
  supplementalProwConfigsFilename: z.string().optional(),
  baseRef: z.string().default('main'),
  baseSha: z.string().default('0'.repeat(40)),
  pullNumber: z.coerce.number().int().min(0).default(1),
  pullSha: z.string().default('1'.repeat(40)),
  pullAuthor: z.string().default('author'),
  id: z.string().default('00000000-0000-4000-8000-000000000000'),
  buildId: z.string().default('1'),
});

/** Adds the flags that say where a configuration lies. */
export function addConfigPathFlags(command: Command): Command {
  return command
    .option('--config-path <file>', "Prow's config.yaml")
    .option('--job-config-path <path>', 'a file or folder of job configuration')
    .addOption(
      repeatable('--supplemental-prow-config-dir <folder>', 'a folder with parts of config.yaml'),
    )
    .option('--supplemental-prow-configs-filename <suffix>', 'how the names of those parts end');
}

/**
 * Where the configuration lies; undefined if no flag says so.
 * @throws OptionsError
 */
export function parseConfigPaths(given: unknown): ConfigPaths | undefined {
  const { configPath, jobConfigPath, ...more } = parsed(given);
  if (configPath === undefined) return undefined;
  const { supplementalProwConfigDir: dirs, supplementalProwConfigsFilename: suffix } = more;
  return {
    configPath,
    ...(jobConfigPath === undefined ? {} : { jobConfigPath }),
    ...(dirs === undefined ? {} : { supplementalConfigDirs: dirs }),
    ...(suffix === undefined ? {} : { supplementalConfigSuffix: suffix }),
  };
}

/**
 * What the rendered runs are said to test.
 * @throws OptionsError
 */
export function parseRenderRequest(given: unknown): RenderRequest {
  const {
    baseRef,
    baseSha,
    pullNumber: number,
    pullSha: sha,
    pullAuthor,
    id,
    buildId,
  } = parsed(given);
  return { baseRef, baseSha, pull: { number, author: pullAuthor, sha }, id, buildId };
}

function parsed(given: unknown): z.infer<typeof flags> {
  const result = flags.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const flag = String(issue?.path[0] ?? '').replace(
    /[A-Z]/g,
    (letter) => `-${letter.toLowerCase()}`,
  );
  throw new OptionsError(`--${flag}: ${issue?.message ?? 'this is not understood'}`);
}

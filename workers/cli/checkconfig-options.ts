import { z } from 'zod';
import type { WarningName } from '../../config/checks/warnings.ts';
import { chosenWarnings, warningNamed, warningNames } from '../../config/checks/warnings.ts';
import type { ConfigPaths } from '../../config/load.ts';
import { nearest } from '../../config/nearest.ts';
import { OptionsError } from '../option-values.ts';

const list = z.array(z.string()).default([]);
const set = z.boolean().default(false);

const flags = z.object({
  configPath: z.string().optional(),
  jobConfigPath: z.string().optional(),
  pluginConfig: z.string().optional(),
  supplementalProwConfigDir: list,
  supplementalProwConfigsFilename: z.string().optional(),
  supplementalPluginConfigDir: list,
  supplementalPluginConfigsFilenameSuffix: z.string().optional(),
  strict: set,
  warnings: list,
  excludeWarning: list,
  includeDefaultWarnings: set,
  expensiveChecks: set,
  requiredJobAnnotations: list,
  listWarnings: set,
  output: z.enum(['text', 'json']),
  prowYamlRepoName: z.string().optional(),
  prowYamlPath: z.string().optional(),
  githubTokenPath: z.string().optional(),
  githubEndpoint: z.string().default('https://api.github.com'),
  githubAppId: z.string().optional(),
  githubAppPrivateKeyPath: z.string().optional(),
});

/** What `checkconfig` was asked to do. */
export interface CheckconfigOptions {
  readonly listWarnings: boolean;
  readonly output: 'text' | 'json';
  readonly paths: ConfigPaths;
  readonly strict: boolean;
  readonly warnings: ReadonlySet<WarningName>;
  /** Names given to `--exclude-warning` that no warning has; Prow passes over them. */
  readonly excludedInVain: readonly string[];
  readonly requiredAnnotations: readonly string[];
  readonly repository?: InRepository;
  readonly github: GitHubAccess;
}

/** An in-repository configuration to check. */
export interface InRepository {
  /** `org/repo`. */
  readonly name: string;
  /** Its `.prow.yaml`; absent: look into the working directory. */
  readonly path?: string;
}

/** How GitHub is asked, if it is. */
export interface GitHubAccess {
  readonly endpoint: string;
  readonly tokenPath?: string;
  readonly app?: { readonly id: string; readonly keyPath: string };
}

/**
 * Reads the flags of `checkconfig`.
 * @throws OptionsError for what Prow refuses, in words
 */
export function parseCheckconfigOptions(given: unknown): CheckconfigOptions {
  const parsed = flags.safeParse(given);
  if (!parsed.success) throw new OptionsError('--output: give text or json.');
  const options = parsed.data;
  if (options.listWarnings) return optionsOf(options, '');
  if (!options.configPath)
    throw new OptionsError("--config-path: it is needed; give Prow's config.yaml.");
  if (options.prowYamlPath && !options.prowYamlRepoName) {
    throw new OptionsError('--prow-yaml-path: it needs --prow-yaml-repo-name as well.');
  }
  for (const name of options.warnings) {
    if (warningNamed(name) === undefined) throw new OptionsError(unknownWarning(name));
  }
  return optionsOf(options, options.configPath);
}

function unknownWarning(name: string): string {
  const near = nearest(name, warningNames());
  const meant = near === undefined ? '' : ` Did you mean ${near}?`;
  return `--warnings: there is no warning ${name}.${meant} There are: ${warningNames().join(', ')}.`;
}

function optionsOf(options: z.infer<typeof flags>, configPath: string): CheckconfigOptions {
  const { githubAppId: id, githubAppPrivateKeyPath: keyPath } = options;
  const app = id && keyPath ? { id, keyPath } : undefined;
  return {
    listWarnings: options.listWarnings,
    output: options.output,
    paths: pathsOf(options, configPath),
    strict: options.strict,
    warnings: chosenWarnings({ ...options, githubApp: app !== undefined }),
    excludedInVain: options.excludeWarning.filter((name) => warningNamed(name) === undefined),
    requiredAnnotations: options.requiredJobAnnotations,
    ...(options.prowYamlRepoName && {
      repository: {
        name: options.prowYamlRepoName,
        ...(options.prowYamlPath && { path: options.prowYamlPath }),
      },
    }),
    github: {
      endpoint: options.githubEndpoint,
      ...(options.githubTokenPath && { tokenPath: options.githubTokenPath }),
      ...(app && { app }),
    },
  };
}

function pathsOf(options: z.infer<typeof flags>, configPath: string): ConfigPaths {
  return {
    configPath,
    ...(options.jobConfigPath && { jobConfigPath: options.jobConfigPath }),
    ...(options.pluginConfig && { pluginConfigPath: options.pluginConfig }),
    supplementalConfigDirs: options.supplementalProwConfigDir,
    ...(options.supplementalProwConfigsFilename && {
      supplementalConfigSuffix: options.supplementalProwConfigsFilename,
    }),
    supplementalPluginConfigDirs: options.supplementalPluginConfigDir,
    ...(options.supplementalPluginConfigsFilenameSuffix && {
      supplementalPluginConfigSuffix: options.supplementalPluginConfigsFilenameSuffix,
    }),
  };
}

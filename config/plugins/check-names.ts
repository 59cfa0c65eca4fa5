import { nearest } from '../nearest.ts';
import type { Report } from '../problem.ts';
import { PLUGIN_NAMES } from './names.ts';

interface Enabled {
  readonly plugins: readonly string[];
}

/** Reports plugins that are enabled and that nobody has. */
export function checkNames(
  plugins: Readonly<Record<string, Enabled>>,
  file: string,
  report: Report,
): void {
  for (const [key, enabled] of Object.entries(plugins)) {
    for (const plugin of enabled.plugins.filter((name) => !PLUGIN_NAMES.includes(name))) {
      const near = nearest(plugin, PLUGIN_NAMES);
      report({ file, path: ['plugins', key] }, `there is no plugin ${plugin}`, 'Remove it.', {
        found: plugin,
        allowed: PLUGIN_NAMES.join(', '),
        ...(near === undefined ? {} : { nearest: near }),
      });
    }
  }
}

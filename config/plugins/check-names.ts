import { nearest } from '../nearest.ts';
import type { Report } from '../problem.ts';
import { listOf, recordOf } from '../relocate.ts';
import { PLUGIN_NAMES } from './names.ts';

/** Reports plugins that `plugins.yaml`, as it was read, enables and that nobody has. */
export function checkNames(value: unknown, file: string, report: Report): void {
  const enabled = recordOf(recordOf(value)?.['plugins']) ?? {};
  for (const { path, plugin } of Object.entries(enabled).flatMap(named)) {
    if (PLUGIN_NAMES.includes(plugin)) continue;
    const near = nearest(plugin, PLUGIN_NAMES);
    report({ file, path }, `there is no plugin ${plugin}`, 'Correct the name, or remove it.', {
      found: plugin,
      allowed: PLUGIN_NAMES.join(', '),
      ...(near === undefined ? {} : { nearest: near }),
    });
  }
}

function named([key, entry]: readonly [string, unknown]) {
  const fields = recordOf(entry);
  // The old form is a plain list.
  const path = fields === undefined ? ['plugins', key] : ['plugins', key, 'plugins'];
  const list = fields === undefined ? entry : fields['plugins'];
  return listOf(list).map((name, index) => ({ path: [...path, index], plugin: String(name) }));
}

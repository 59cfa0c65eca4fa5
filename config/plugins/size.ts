import { z } from 'zod';
import type { DeepReadonly } from '../prow/fields.ts';
import { count } from '../prow/fields.ts';

/** Zero means the default, as in Prow. */
function threshold(lines: number) {
  return count.default(lines).transform((value) => value || lines);
}

/** `size`: from how many changed lines on a pull request has which size. */
export const sizeSettings = z.object({
  s: threshold(10),
  m: threshold(30),
  l: threshold(100),
  xl: threshold(500),
  xxl: threshold(1000),
});

/** Settings of the plugin `size`, the same for every repository. */
export type SizeSettings = DeepReadonly<z.infer<typeof sizeSettings>>;

import { z } from 'zod';
import type { DeepReadonly } from '../prow/fields.ts';
import { count } from '../prow/fields.ts';

/** `size`: from how many changed lines on a pull request has which size. */
export const sizeSettings = z.object({
  s: count.default(10),
  m: count.default(30),
  l: count.default(100),
  xl: count.default(500),
  xxl: count.default(1000),
});

/** Settings of the plugin `size`, the same for every repository. */
export type SizeSettings = DeepReadonly<z.infer<typeof sizeSettings>>;

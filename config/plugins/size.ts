import { z } from 'zod';
import type { DeepReadonly } from '../prow/fields.ts';
import { count } from '../prow/fields.ts';

/** Zero means the default, as in Prow. */
function threshold(lines: number) {
  return count.default(lines).transform((value) => value || lines);
}

/** `size`: from how many changed lines on a pull request has which size. */
export const sizeSettings = z.object({
  s: threshold(10).describe('From how many changed lines on it is S.'),
  m: threshold(30).describe('From how many changed lines on it is M.'),
  l: threshold(100).describe('From how many changed lines on it is L.'),
  xl: threshold(500).describe('From how many changed lines on it is XL.'),
  xxl: threshold(1000).describe('From how many changed lines on it is XXL.'),
});

/** Settings of the plugin `size`, the same for every repository. */
export type SizeSettings = DeepReadonly<z.infer<typeof sizeSettings>>;

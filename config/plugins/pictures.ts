import { z } from 'zod';
import { scalar } from '../prow/fields.ts';

/** `cat` and `goose`: pictures from services that want a key. */
export const pictureSection = z.object({
  key_path: scalar
    .default('')
    .describe('File with the key of the service; read again as it changes.'),
});

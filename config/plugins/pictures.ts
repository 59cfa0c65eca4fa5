import { z } from 'zod';
import { text } from '../prow/fields.ts';

/** `cat` and `goose`: pictures from services that want a key. */
export const pictureSection = z.object({
  key_path: text
    .default('')
    .describe('File with the key of the service; read again as it changes.'),
});

import { readFully } from './yaml/full.ts';
import { readQuickly } from './yaml/quick.ts';

/**
 * Reads the first document of a text as Prow's loader does (YAML 1.1: `yes`, `on` and `0400` are not text; a
 * later key replaces an earlier one), except that dates and times of day stay text, as they do there.
 * Keys without a value are left out: in Prow's files `null` means "as if not written".
 * @throws YamlError
 */
export function parseYaml(text: string): unknown {
  return read(text, false);
}

/**
 * As `parseYaml`, but keys without a value stay, as `null`.
 * @throws YamlError
 */
export function parseYamlWithNulls(text: string): unknown {
  return read(text, true);
}

function read(text: string, keepNulls: boolean): unknown {
  const quick = readQuickly(text, keepNulls);
  return quick === undefined ? readFully(text, keepNulls) : quick.value;
}

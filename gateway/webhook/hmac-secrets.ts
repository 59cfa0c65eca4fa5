import { readFile, stat } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

/** The shared secrets of webhooks, by level (W§2.2). */
export interface HmacSecrets {
  /**
   * All secrets of the most specific level that knows `key` (`org/repo`, `org`, or empty): several while
   * they are rotated, none for an unknown place. A level that is there never falls back to a wider one.
   */
  secretsFor(key: string): Promise<readonly string[]>;
}

type Levels = ReadonlyMap<string, readonly string[]>;

const levelsSchema = z.record(z.string(), z.array(z.object({ value: z.string() })).nullable());

/**
 * Reads Prow's HMAC file: a map from `org/repo`, `org` or `*` to tokens, or one secret as plain text.
 * Names compare in lower case.
 */
export function parseHmacFile(text: string): Levels {
  const levels = levelsSchema.safeParse(parseYaml(text));
  if (!levels.success) return new Map([['*', usable([text.trim()])]]);
  return new Map(
    Object.entries(levels.data).map(([key, tokens]) => [
      key.toLowerCase(),
      usable((tokens ?? []).map(({ value }) => value.trim())),
    ]),
  );
}

/** An empty secret would accept a signature that anybody can make. */
function usable(secrets: readonly string[]): readonly string[] {
  return secrets.filter((secret) => secret !== '');
}

function parseYaml(text: string): unknown {
  try {
    // A warning of the library's would quote the secret on the standard error.
    return parse(text, { logLevel: 'silent' });
  } catch {
    return undefined;
  }
}

/** Picks the level for a key: repository, else organisation, else `*`. */
export function chooseLevel(levels: Levels, key: string): readonly string[] {
  const name = key.toLowerCase();
  const [org = ''] = name.split('/');
  return levels.get(name) ?? levels.get(org) ?? levels.get('*') ?? [];
}

/** Secrets from text that does not change, for practice mode and tests. */
export function fixedHmacSecrets(text: string): HmacSecrets {
  const levels = parseHmacFile(text);
  return { secretsFor: async (key) => chooseLevel(levels, key) };
}

/**
 * Secrets from a file that is read again when it changes (a mounted Kubernetes secret is swapped as a
 * link). While it cannot be read the last good content stays in force.
 */
export function hmacSecretsFromFile(
  path: string,
  onProblem: (error: unknown) => void = () => {},
): HmacSecrets {
  let levels: Levels = new Map();
  let version = '';
  const refresh = async (): Promise<void> => {
    const { mtimeMs, size, ino } = await stat(path);
    const current = `${mtimeMs} ${size} ${ino}`;
    if (current === version) return;
    levels = parseHmacFile(await readFile(path, 'utf8'));
    version = current;
  };
  return {
    secretsFor: async (key) => {
      await refresh().catch(onProblem);
      return chooseLevel(levels, key);
    },
  };
}

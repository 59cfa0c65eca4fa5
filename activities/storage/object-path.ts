/** A path or URL that cannot name an object. */
export class ObjectPathError extends Error {
  override readonly name = 'ObjectPathError';
}

const LONGEST_NAME = 240;

/**
 * Splits an object's path into its names, and refuses what could leave the bucket or confuse a disk:
 * empty names, `.` and `..`, backslashes, control characters, names that no file system takes.
 */
export function objectNames(path: string): readonly string[] {
  const names = path.split('/');
  const wrong = names.find((name) => !isObjectName(name));
  if (wrong !== undefined)
    throw new ObjectPathError(`${JSON.stringify(path)} cannot be an object's path`);
  return names;
}

/** The same for a folder: a trailing slash is allowed, and the empty text is the whole bucket. */
export function folderNames(folder: string): readonly string[] {
  const bare = folder.replace(/\/$/, '');
  return bare === '' ? [] : objectNames(bare);
}

/** Whether a name can stand between two slashes. */
export function isObjectName(name: string): boolean {
  if (name === '' || name === '.' || name === '..') return false;
  if (Buffer.byteLength(name) > LONGEST_NAME) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
  return !/[\u0000-\u001f\u007f\\]/.test(name);
}

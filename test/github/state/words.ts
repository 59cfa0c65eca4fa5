import type { Permission } from './permissions.ts';

const WORDS: Readonly<Record<string, Permission>> = {
  pull: 'read',
  read: 'read',
  triage: 'triage',
  push: 'write',
  write: 'write',
  maintain: 'maintain',
  admin: 'admin',
};

/** A permission by either of the names that GitHub's API takes: `push` is `write`. */
export function permissionNamed(word: string): Permission | undefined {
  return WORDS[word];
}

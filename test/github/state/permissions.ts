/** What a user may do in a repository, weakest first. */
export const PERMISSIONS = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
/** One step of {@link PERMISSIONS}. */
export type Permission = (typeof PERMISSIONS)[number];

/** Whether a permission is at least another. */
export function atLeastOf(have: Permission, need: Permission): boolean {
  return PERMISSIONS.indexOf(have) >= PERMISSIONS.indexOf(need);
}

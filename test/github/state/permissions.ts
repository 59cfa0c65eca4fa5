import { PERMISSIONS, type Permission } from './model.ts';

/** Whether a permission is at least another. */
export function atLeastOf(have: Permission, need: Permission): boolean {
  return PERMISSIONS.indexOf(have) >= PERMISSIONS.indexOf(need);
}

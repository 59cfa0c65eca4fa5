import type { Scene } from '../actions/emit.ts';
import { actorOf, type Call, repoOf, requirePermission } from '../http/route.ts';
import type { Permission } from '../state/permissions.ts';

/** The scene of a request by somebody who may do this much. */
export function sceneOf(call: Call, need: Permission = 'read'): Scene {
  const repo = repoOf(call);
  const actor = need === 'read' ? actorOf(call) : requirePermission(call, repo, need);
  return { hub: call.hub, repo, actor };
}

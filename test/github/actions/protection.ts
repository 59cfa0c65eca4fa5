import { timestamp } from '../hub.ts';
import { requiredContexts } from '../render/protection.ts';
import { emit, type Scene } from './emit.ts';

function level(on: boolean): string {
  return on ? 'non_admins' : 'off';
}

/** Says that the protection of a branch was made, changed or taken away. */
export function emitProtection(
  scene: Scene,
  branch: string,
  action: 'created' | 'edited' | 'deleted',
): void {
  const { repo } = scene;
  const now = timestamp();
  const contexts = requiredContexts(repo.protection[branch]);
  emit(scene, {
    event: 'branch_protection_rule',
    action,
    payload: () => ({
      rule: {
        id: repo.id,
        repository_id: repo.id,
        name: branch,
        created_at: now,
        updated_at: now,
        admin_enforced: false,
        allow_deletions_enforcement_level: 'off',
        allow_force_pushes_enforcement_level: 'off',
        authorized_actor_names: [],
        authorized_actors_only: false,
        authorized_dismissal_actors_only: false,
        create_protected: false,
        dismiss_stale_reviews_on_push: false,
        ignore_approvals_from_contributors: false,
        linear_history_requirement_enforcement_level: 'off',
        lock_branch_enforcement_level: 'off',
        lock_allows_fork_sync: false,
        merge_queue_enforcement_level: 'off',
        pull_request_reviews_enforcement_level: 'off',
        require_code_owner_review: false,
        require_last_push_approval: false,
        required_approving_review_count: 0,
        required_conversation_resolution_level: 'off',
        required_deployments_enforcement_level: 'off',
        required_status_checks: contexts,
        required_status_checks_enforcement_level: level(contexts.length > 0),
        signature_requirement_enforcement_level: 'off',
        strict_required_status_checks_policy: false,
      },
      ...(action === 'edited' ? { changes: {} } : {}),
    }),
  });
}

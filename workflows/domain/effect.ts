/**
 * What a plugin may ask for: orders, carried out by `activities/github/apply-effect.ts`.
 * Every order is idempotent or carries a key (DESIGN §4).
 */
export type Effect =
  | { readonly kind: 'add-label'; readonly label: string }
  | { readonly kind: 'remove-label'; readonly label: string }
  /** A new comment. `marker` names a family (`Family`) that later events may prune or replace. */
  | { readonly kind: 'comment'; readonly body: string; readonly marker?: CommentFamily }
  /** Delete the bot's comments of a family; the core fills in which ones (`ids`). */
  | {
      readonly kind: 'prune-comments';
      readonly marker: CommentFamily;
      readonly ids?: readonly number[];
    }
  /** Leave exactly one comment of the family, with this body: no-op if the newest one contains it, else delete all (`ids`, filled in by the core) and create. */
  | {
      readonly kind: 'replace-comment';
      readonly marker: CommentFamily;
      readonly body: string;
      readonly ids?: readonly number[];
    }
  /** Change the body of one of the bot's own comments. */
  | {
      readonly kind: 'edit-comment';
      readonly id: number;
      readonly marker: CommentFamily;
      readonly body: string;
    }
  | { readonly kind: 'assign'; readonly logins: readonly string[] }
  | { readonly kind: 'request-review'; readonly logins: readonly string[] }
  | {
      readonly kind: 'set-status';
      readonly sha: string;
      readonly context: string;
      readonly state: 'error' | 'failure' | 'pending' | 'success';
      readonly description: string;
      readonly targetUrl: string;
    }
  /** Start a job's run at the head (presubmit) or the pushed commit (postsubmit); an unfinished older run of the same job on this pull request is superseded. The core makes the `RunRequest`. */
  | { readonly kind: 'start-run'; readonly job: string; readonly retest: boolean }
  /** Abort this pull request's unfinished presubmits. */
  | { readonly kind: 'abort-runs'; readonly description: string }
  /** GitHub Actions: approve runs that wait, or rerun failed ones (trigger_github_workflows). */
  | { readonly kind: 'approve-workflow-runs'; readonly headSha: string }
  | { readonly kind: 'rerun-workflow-runs'; readonly headSha: string; readonly headRef: string };

/** Families of the bot's own comments, known by Prow's markers (W§8, markers). */
export type CommentFamily =
  | 'approval-notification'
  | 'lgtm-removed'
  | 'lgtm-tree-hash'
  | 'trigger-help'
  | 'test-report'
  | 'in-repo-config';

/**
 * An effect with why it is wanted and under which key it is carried out. A newer effect on the same key
 * replaces an older one that has not been carried out yet.
 */
export interface KeyedEffect {
  /** What it is about: label, status, comment family… */
  readonly key: string;
  /** This very wish and no other: cause, plugin, kind, ordinal. The hidden marker of a comment is made of it. */
  readonly id: string;
  readonly plugin: string;
  /** Key of the event that caused it. */
  readonly cause: string;
  /** One sentence for the decision log. */
  readonly reason: string;
  readonly effect: Effect;
  /** When its cause happened, ISO: a later event about the same thing counts more. */
  readonly at?: string;
  /** For effects that grant (lgtm, ok-to-test): the head that was decided on; decided anew if it moved. */
  readonly forHead?: string;
  /** An earlier try may have been carried out without our knowing: look before writing. */
  readonly again?: boolean;
}

/** Adds a label; nothing happens if it is there. */
export function addLabel(label: string): Effect {
  return { kind: 'add-label', label };
}

/** Removes a label; nothing happens if it is not there. */
export function removeLabel(label: string): Effect {
  return { kind: 'remove-label', label };
}

/** A new comment on the pull request or issue. */
export function comment(body: string, marker?: CommentFamily): Effect {
  return marker === undefined ? { kind: 'comment', body } : { kind: 'comment', body, marker };
}

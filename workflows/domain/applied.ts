/** What carrying out an effect taught. */
export type Applied =
  | {
      readonly kind: 'done';
      /** ISO time of GitHub's answer. */
      readonly at: string;
      /** All labels after a label write. */
      readonly labels?: readonly string[];
      readonly assignees?: readonly string[];
      readonly commentId?: number;
      readonly commentUrl?: string;
      readonly deletedIds?: readonly number[];
    }
  /** GitHub refused for good (a 4xx that retrying does not cure): `message` is GitHub's own sentence. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  /** Not carried out because the head moved, or because this is a dry run. */
  | { readonly kind: 'skipped'; readonly reason: string };

import { invalid } from './errors.ts';

const LONGEST = 65_536;

/** GitHub's refusal of a comment that is too long. */
export function checkComment(body: string): void {
  if (body.length <= LONGEST) return;
  invalid({
    resource: 'IssueComment',
    code: 'unprocessable',
    field: 'data',
    message: `Body is too long (maximum is ${LONGEST} characters)`,
  });
}

/** GitHub's refusal of a description of an issue or pull request that is too long. */
export function checkBody(
  resource: 'Issue' | 'PullRequest',
  body: string | null | undefined,
): void {
  if ((body ?? '').length <= LONGEST) return;
  invalid({
    resource,
    code: 'custom',
    field: 'body',
    message: `body is too long (maximum is ${LONGEST} characters)`,
  });
}

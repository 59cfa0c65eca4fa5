/** A case in which `emulate@0.12.2` answers otherwise than our emulator. */
export interface Disagreement {
  readonly call: string;
  readonly title: string;
  /** What it answers. */
  readonly emulate: unknown;
  /** The beginning of the line in docs/decisions/0002-github-emulator.md that says which is right, and why. */
  readonly note: string;
}

const BY_CALL: Readonly<Record<string, readonly Omit<Disagreement, 'call'>[]>> = {
  'GET /repos/{owner}/{repo}/hooks': [
    {
      title: 'who does not administer a repository does not see its hooks',
      emulate: { status: 403 },
      note: "| A stranger's list of hooks |",
    },
  ],
  'GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries': [
    {
      title: 'what was sent to a new hook first is a ping',
      emulate: 'fails: Error: no delivery within 5 s',
      note: '| A new webhook |',
    },
  ],
  'POST /repos/{owner}/{repo}/issues/{issue_number}/labels': [
    {
      title: 'a label that is there in other letters is the same label',
      emulate: { status: 200, body: ['LGTM', 'lgtm'] },
      note: '| A label in other letters |',
    },
  ],
  'GET /repos/{owner}/{repo}/issues/{issue_number}/events': [
    {
      title: 'who put a label on, and who took it off',
      emulate: { status: 404 },
      note: '| Events of a pull request |',
    },
  ],
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments': [
    {
      title: 'only those that changed since a time',
      emulate: { status: 200, body: 1 },
      note: '| Comments `since` a time |',
    },
  ],
  'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees': [
    {
      title: 'who can be assigned is, and others are left out in silence',
      emulate: { status: 404 },
      note: '| Assignees of a pull request |',
    },
  ],
  'GET /orgs/{org}/members/{username}': [
    {
      title: 'an outsider is led to the public members',
      emulate: { status: 204 },
      note: '| A stranger asks for a member |',
    },
  ],
  'GET /repos/{owner}/{repo}/collaborators': [
    {
      title: 'collaborators with what they may do',
      emulate: { status: 200, body: [['bob', undefined, undefined]] },
      note: '| Collaborators |',
    },
  ],
  'GET /orgs/{org}/teams/{team_slug}/members': [
    {
      title: 'the members of a team',
      emulate: 'fails: HttpError: Problems parsing JSON - https://emulate.dev/github',
      note: '| Adding to a team without a body |',
    },
  ],
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/files': [
    {
      title: 'changed files with their lines',
      emulate: { status: 200, body: [] },
      note: '| Files of a pull request whose commit was written by the contents API |',
    },
  ],
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews': [
    {
      title: 'nobody approves their own pull request',
      emulate: [{ status: 201 }, { status: 200, body: 1 }],
      note: "| An approving review of one's own pull request |",
    },
  ],
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers': [
    {
      title: 'a collaborator is asked for a review',
      emulate: { status: 200, body: ['bob'] },
      note: '| Requested reviewers |',
    },
    {
      title: 'who is no collaborator is not asked',
      emulate: { status: 200 },
      note: "| Requesting a stranger's review |",
    },
    {
      title: 'the author is not asked',
      emulate: { status: 200 },
      note: "| Requesting the author's review |",
    },
  ],
  'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge': [
    {
      title: 'a head that moved is a conflict',
      emulate: { status: 422 },
      note: '| Merging with an old `sha` |',
    },
    {
      title: 'what is merged is not merged again',
      emulate: { status: 422 },
      note: '| Merging twice |',
    },
    {
      title: 'who may only read does not merge',
      emulate: { status: 200 },
      note: '| A stranger merges |',
    },
  ],
};

/** All of them; GitHub's documentation decides. */
export const DISAGREEMENTS: readonly Disagreement[] = Object.entries(BY_CALL).flatMap(
  ([call, some]) => some.map((one) => ({ call, ...one })),
);

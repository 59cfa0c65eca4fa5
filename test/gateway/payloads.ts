/** Payloads as GitHub sends them, cut to what is documented and read; each differs from a base by a row's words. */
const repository = { id: 77, full_name: 'Acme/Widgets', name: 'Widgets', owner: { login: 'Acme' } };
const ann = { login: 'ann', type: 'User' };
const T = '2026-11-23T10:00:00Z';

/** A pull request as `pull_request` events carry it. */
export function pull(over: object = {}) {
  return {
    number: 7,
    title: 'Make it better',
    state: 'open',
    user: ann,
    body: 'Please look.',
    html_url: 'https://github.com/Acme/Widgets/pull/7',
    created_at: '2026-11-23T09:00:00Z',
    updated_at: T,
    merged: false,
    draft: false,
    mergeable: null,
    head: { ref: 'topic', sha: 'b'.repeat(40), repo: { full_name: 'ann/Widgets' } },
    base: { ref: 'main', sha: 'a'.repeat(40), repo: { full_name: 'Acme/Widgets' } },
    labels: [{ name: 'lgtm' }],
    assignees: [{ login: 'bob' }],
    milestone: null,
    ...over,
  };
}

/** `pull_request`. */
export function pullRequestPayload(action: string, over: object = {}, pullOver: object = {}) {
  return { action, number: 7, pull_request: pull(pullOver), repository, sender: ann, ...over };
}

/** `issue_comment`, on a pull request unless `issue` says otherwise. */
export function commentPayload(body: string, over: object = {}, issueOver: object = {}) {
  return {
    action: 'created',
    comment: {
      id: 501,
      body,
      user: ann,
      html_url: 'https://github.com/Acme/Widgets/pull/7#issuecomment-501',
      created_at: T,
      updated_at: T,
    },
    issue: { ...pull(), pull_request: { url: 'x' }, ...issueOver },
    repository,
    sender: ann,
    ...over,
  };
}

/** `pull_request_review`. */
export function reviewPayload(action: string, body: string | null) {
  const review = {
    id: 900,
    body,
    user: { login: 'bob', type: 'User' },
    state: 'APPROVED',
    html_url: 'https://github.com/Acme/Widgets/pull/7#pullrequestreview-900',
    submitted_at: T,
  };
  return { action, review, pull_request: pull(), repository, sender: ann };
}

/** `push`. */
export function pushPayload(ref: string, over: object = {}) {
  return {
    ref,
    before: 'a'.repeat(40),
    after: 'c'.repeat(40),
    deleted: false,
    forced: false,
    compare: 'https://github.com/Acme/Widgets/compare/a...c',
    commits: [
      { added: ['new.txt'], removed: [], modified: ['src/a.ts'] },
      { added: [], removed: ['old.txt'], modified: ['src/a.ts'] },
    ],
    head_commit: { timestamp: '2026-11-22T10:00:00+02:00' },
    repository: { ...repository, pushed_at: 1_795_428_000 },
    sender: ann,
    ...over,
  };
}

/** `status`. */
export function statusPayload() {
  return {
    id: 4242,
    sha: 'b'.repeat(40),
    context: 'unit',
    state: 'failure',
    description: null,
    target_url: null,
    created_at: T,
    updated_at: T,
    repository,
    sender: ann,
  };
}

/** `issues`. */
export function issuePayload(action: string, over: object = {}, issueOver: object = {}) {
  const { head: _, base: __, ...issue } = pull({ number: 9, ...issueOver });
  return { action, issue, repository, sender: ann, ...over };
}

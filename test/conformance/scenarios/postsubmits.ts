import { job, READY, type Scenario } from '../scenario.ts';

/** What runs after a merge and after a push, and reports at the commit of the branch. */
export const scenario: Scenario = {
  name: 'postsubmits',
  plugins: ['trigger'],
  query: READY,
  postsubmits: [
    job('publish', 'succeeds'),
    job('pages', 'fails', { run_if_changed: '^docs/', always_run: undefined }),
    job('ship', 'succeeds', { branches: ['release'] }),
  ],
  repository: { branches: { release: { 'a.txt': 'a\n' } } },
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Print the leaflet',
      files: { 'leaflet.txt': 'printed\n' },
      labels: ['lgtm', 'approved'],
    });
    await stage.merged(number);
    await stage.branchStatus('main', 'publish', 'success');
    await stage.pushBranch('main', { author: 'carol', files: { 'docs/a.md': 'a\n' } });
    await stage.branchStatus('main', 'publish', 'success');
    await stage.branchStatus('main', 'pages', 'failure');
    await stage.pushBranch('release', { author: 'carol', files: { 'b.txt': 'b\n' } });
    await stage.branchStatus('release', 'publish', 'success');
    await stage.branchStatus('release', 'ship', 'success');
  },
};

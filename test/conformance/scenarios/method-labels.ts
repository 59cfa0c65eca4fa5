import { READY, type Scenario } from '../scenario.ts';

/** Two labels that ask for two ways of merging, and one that the repository forbids. */
export const scenario: Scenario = {
  name: 'method-labels',
  plugins: ['hold'],
  query: READY,
  repository: { mergeMethods: ['merge', 'squash'] },
  async play(stage) {
    const ready = ['lgtm', 'approved'];
    const both = await stage.open({
      author: 'ann',
      title: 'Both',
      files: { 'both.txt': 'x\n' },
      labels: [...ready, 'tide/merge-method-squash', 'tide/merge-method-rebase'],
    });
    await stage.pool(both, 'PR has conflicting merge method override labels');
    const forbidden = await stage.open({
      author: 'ann',
      title: 'Forbidden',
      files: { 'forbidden.txt': 'x\n' },
      labels: [...ready, 'tide/merge-method-rebase'],
    });
    await stage.pool(forbidden, 'Merge type "rebase" disallowed by repo settings');
    await stage.label(both, 'carol', { remove: ['tide/merge-method-rebase'] });
    await stage.merged(both);
  },
};

import { stringify } from 'yaml';
import { job, READY, type Scenario } from '../scenario.ts';

/** Jobs that the repository holds itself, and that a pull request changes for itself. */
export const scenario: Scenario = {
  name: 'own-jobs',
  plugins: ['trigger'],
  query: READY,
  ownJobs: true,
  repository: { files: { '.prow.yaml': stringify({ presubmits: [job('unit', 'succeeds')] }) } },
  async play(stage) {
    const plain = await stage.open({ author: 'ann', title: 'Plain', files: { 'a.txt': 'a\n' } });
    await stage.status(plain, 'unit', 'success');
    const more = { presubmits: [job('unit', 'succeeds'), job('lint', 'succeeds')] };
    const changing = await stage.open({
      author: 'ann',
      title: 'Changing',
      files: { '.prow.yaml': stringify(more) },
    });
    await stage.status(changing, 'unit', 'success');
    await stage.status(changing, 'lint', 'success');
    await stage.label(changing, 'carol', { add: ['lgtm', 'approved'] });
    await stage.merged(changing);
  },
};

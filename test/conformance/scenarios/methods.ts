import { READY, type Scenario } from '../scenario.ts';

/** Labels choose how to merge, where the repository's own way is another. */
export const scenario: Scenario = {
  name: 'methods',
  plugins: ['hold'],
  query: READY,
  mergeMethod: 'squash',
  async play(stage) {
    const labels = ['', 'tide/merge-method-rebase', 'tide/merge-method-merge'];
    for (const label of labels) {
      const title = label === '' ? 'As the repository says' : `By ${label}`;
      const place = `room-${labels.indexOf(label)}.txt`;
      const number = await stage.open({
        author: 'ann',
        title,
        body: 'Why it is done.',
        files: { [place]: 'one\n' },
        commits: [{ message: 'And more of it', files: { [place]: 'one\ntwo\n' } }],
        labels: label === '' ? [] : [label],
      });
      await stage.label(number, 'carol', { add: ['lgtm', 'approved'] });
      await stage.merged(number);
    }
  },
};

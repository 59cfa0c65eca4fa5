import type { Scenario } from '../scenario.ts';

/** Reviews approve, ask for changes, and approve again. */
export const scenario: Scenario = {
  name: 'approve-reviews',
  plugins: ['approve'],
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Tile the roof',
      files: { 'roof.txt': 'tiled\n' },
    });
    await stage.told(number, '**NOT APPROVED**');
    await stage.review(number, 'bob', { event: 'APPROVE', body: 'Well done.' });
    await stage.labelled(number, 'approved');
    await stage.review(number, 'bob', { event: 'REQUEST_CHANGES', body: 'On second thoughts.' });
    await stage.unlabelled(number, 'approved');
    await stage.review(number, 'mallory', { event: 'APPROVE' });
    await stage.told(number, '>mallory</a>');
    await stage.review(number, 'carol', { event: 'COMMENT', body: 'Fine by me.\n/approve' });
    await stage.labelled(number, 'approved');
    await stage.say(number, 'carol', '/remove-approve');
    await stage.unlabelled(number, 'approved');
  },
};

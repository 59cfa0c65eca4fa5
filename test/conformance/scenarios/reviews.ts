import type { Scenario } from '../scenario.ts';

/** Reviews speak for `/lgtm`, a push takes it back, and so does a review that asks for changes. */
export const scenario: Scenario = {
  name: 'reviews',
  plugins: ['lgtm'],
  settings: { lgtm: { review_acts_as_lgtm: true } },
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Fix the lamp',
      files: { 'lamp.txt': 'fixed\n' },
    });
    await stage.review(number, 'bob', { event: 'APPROVE' });
    await stage.labelled(number, 'lgtm');
    await stage.push(number, { author: 'ann', files: { 'lamp.txt': 'fixed again\n' } });
    await stage.unlabelled(number, 'lgtm');
    await stage.review(number, 'bob', { event: 'COMMENT', body: '/lgtm' });
    await stage.labelled(number, 'lgtm');
    await stage.review(number, 'carol', { event: 'REQUEST_CHANGES', body: 'It flickers.' });
    await stage.unlabelled(number, 'lgtm');
    await stage.review(number, 'ann', { event: 'COMMENT', body: 'It does not.' });
    await stage.say(number, 'carol', '/lgtm');
    await stage.labelled(number, 'lgtm');
    await stage.say(number, 'ann', '/lgtm cancel');
    await stage.unlabelled(number, 'lgtm');
  },
};

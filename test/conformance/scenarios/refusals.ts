import { until } from '../../system/until.ts';
import { BOT, READY, type Scenario } from '../scenario.ts';

/** Commands of people who may not give them, commands taken back, and several in one comment. */
export const scenario: Scenario = {
  name: 'refusals',
  plugins: ['hold', 'lgtm', 'approve'],
  query: READY,
  async play(town) {
    const number = await town.open({
      author: 'ann',
      title: 'Sand the door',
      files: { 'door.txt': 'sanded\n' },
    });
    const answers = async (count: number): Promise<void> => {
      await until(`${count} answers`, 30_000, async () => {
        const comments = await town.comments(number);
        return comments.filter(({ author }) => author === BOT).length >= count;
      });
    };
    await answers(1);
    await town.say(number, 'ann', '/lgtm');
    await answers(2);
    await town.say(number, 'mallory', '/lgtm');
    await answers(3);
    await town.say(number, 'bob', '/lgtm\n/hold');
    await town.untilLabelled(number, 'lgtm');
    await town.untilLabelled(number, 'do-not-merge/hold');
    await town.say(number, 'mallory', '/approve');
    await town.say(number, 'bob', '/lgtm cancel');
    await town.untilUnlabelled(number, 'lgtm');
    await town.say(number, 'bob', '/approve');
    await town.untilLabelled(number, 'approved');
    await town.say(number, 'bob', '/approve cancel');
    await town.untilUnlabelled(number, 'approved');
    await town.say(number, 'mallory', '/unhold');
    await town.untilUnlabelled(number, 'do-not-merge/hold');
  },
};

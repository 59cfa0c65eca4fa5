import { expect, test } from 'vitest';
import { parseCommands } from '../../workflows/domain/command.ts';
import { announce, commandHelpUrl, replyTo } from '../../workflows/domain/envelope.ts';

const HELP = 'https://help';
const SAID = { author: 'ann', body: 'a\r\n/lgtm\rb\n', htmlUrl: 'https://c' };

test('a reply mentions, answers, links and quotes', () => {
  expect(replyTo(SAID, 'No.', HELP)).toBe(
    [
      '@ann: No.',
      '',
      '<details>',
      '',
      'In response to [this](https://c):',
      '',
      '>a',
      '>/lgtm',
      '>b',
      '>',
      '',
      '',
      'Instructions for interacting with me using PR comments are available [here](https://help).',
      '</details>',
    ].join('\n'),
  );
});

test('no reply has a command in it, whatever it quotes', () => {
  expect(parseCommands(replyTo(SAID, 'No.', HELP))).toEqual([]);
});

test('the longest comment still fits into a reply', () => {
  const body = 'x'.repeat(65_536);

  expect(replyTo({ ...SAID, body }, 'No.', HELP).length).toBeLessThan(65_536);
});

test('many short lines fit too', () => {
  const body = '\n'.repeat(65_536);

  expect(replyTo({ ...SAID, body }, 'No.', HELP).length).toBeLessThan(65_536);
});

test('an announcement has no quote', () => {
  expect(announce('Hello.', HELP)).toMatch(
    /^Hello\.\n\n<details>\n\nInstructions .*\n<\/details>$/,
  );
});

test('the help link names the repository', () => {
  expect(commandHelpUrl('https://x', { org: 'o', repo: 'r' })).toBe('https://x?repo=o%2Fr');
});

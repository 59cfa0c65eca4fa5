import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { found } from '../../config/re2.ts';
import { testCommands } from '../../config/requests.ts';
import { approvalWish } from '../../workflows/domain/approvals.ts';
import {
  firstArgumentIs,
  isExactly,
  parseCommands,
  spokenText,
} from '../../workflows/domain/command.ts';
import { testRequestOf } from '../../workflows/domain/test-request.ts';

describe('parseCommands', () => {
  test.for([
    ['/hold for now', [['hold', 'for now']]],
    ['/HOLD', [['hold', '']]],
    ['/hold \t x \r', [['hold', 'x']]],
    [
      'a\n/b c\r\n/d',
      [
        ['b', 'c'],
        ['d', ''],
      ],
    ],
    ['/lgtm\u00a0', []],
    ['/lgtm \u00a0', [['lgtm', '\u00a0']]],
    ['/lgtm\v', []],
    ['/lgtm.', []],
    [' /lgtm', []],
    ['x /lgtm', []],
    ['//lgtm', []],
    ['/1', []],
    ['/', []],
    ['a\u2028/lgtm', []],
    ['a\r/lgtm', []],
    ['', []],
  ] as const)('%j', ([text, expected]) => {
    expect(parseCommands(text).map(({ name, args }) => [name, args])).toEqual(expected);
  });

  test('counts them', () => {
    expect(parseCommands('/a\nx\n/b').map(({ index }) => index)).toEqual([0, 1]);
  });
});

describe('spokenText leaves out what is not spoken', () => {
  test.for([
    ['fence', 'a\n```\n/x\n```\nb', 'a\nb'],
    ['fence, CRLF', 'a\r\n```\r\n/x\r\n```\r\nb', 'a\nb'],
    ['fence with a language', '```go\n/x\n```\n/y', '/y'],
    ['tildes', '~~~\n/x\n~~~\n/y', '/y'],
    ['longer fence around a shorter one', '````\n```\n/x\n```\n````\n/y', '/y'],
    ['a longer line closes', '```\n/x\n`````\n/y', '/y'],
    ['another mark does not close', '```\n/x\n~~~\n/y', ''],
    ['a fence with words does not close', '```\n/x\n``` no\n/y', ''],
    ['never closed', 'a\n```\n/x', 'a'],
    ['three marks in a line are code in a line', '```x``` y\n/z', '```x``` y\n/z'],
    ['indented fence', '   ```\n/x\n  ```  \n/y', '/y'],
    ['quote', '> /x\n/y', '/y'],
    ['a fence in a quote is not open outside', '> ```\n/y', '/y'],
    ['comment', '<!-- /x -->\n/y', '\n/y'],
    ['comment over lines', '<!--\n/x\n-->\n/y', '\n\n\n/y'],
    ['comment over lines, CRLF', '<!--\r\n/x\r\n-->\r\n/y', '\n\n\n/y'],
    ['a fence in a comment is not open outside', '<!--\n```\n-->\n/y', '\n\n\n/y'],
    ['a comment in a fence is not open outside', '```\n<!--\n```\n/y', '/y'],
    ['a command does not start behind a comment', '<!-- x -->/y', ' /y'],
    ['never ended, at the start of a line', '/x\n<!--\n/y', '/x\n\n'],
    ['never ended, inside a line', 'x <!-- y\n/z', 'x <!-- y\n/z'],
    ['ended later, inside a line', 'x <!-- y\n/z\n--> w', 'x \n\n w'],
  ] as const)('%s', ([, body, expected]) => {
    expect(spokenText(body)).toBe(expected);
  });

  test('what it leaves are lines of the body, and commands begin theirs there too', () => {
    const piece = fc.constantFrom(
      '/x',
      '\n',
      '\r\n',
      '```',
      '~~~~',
      '> ',
      '<!--',
      '-->',
      ' ',
      'a',
      '`',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const body = pieces.join('');
        const lines = body.replaceAll('\r\n', '\n').split('\n');
        for (const { line } of parseCommands(spokenText(body))) {
          expect(lines.some((whole) => whole.startsWith(line.slice(0, 2)))).toBe(true);
        }
      }),
    );
  });

  test('plain text stays as it is', () => {
    const plain = fc.string({ unit: fc.constantFrom('/', 'a', ' ', '\n', '\u00a0', '*') });
    fc.assert(
      fc.property(plain, (body) => {
        expect(spokenText(body)).toBe(body);
      }),
    );
  });
});

// Prow's patterns, run by RE2 as Go runs them. `hold cancel` over two lines is left out: a listed deviation (H9).
const BLANK = '[ \\t\\r\\f]';
const REFERENCES: readonly [string, string, (text: string) => boolean][] = [
  [
    'lgtm',
    String.raw`(?mi)^/lgtm(?: no-issue)?\s*$`,
    has((c) => isExactly(c, 'lgtm') || isExactly(c, 'lgtm no-issue')),
  ],
  [
    'lgtm cancel',
    String.raw`(?mi)^/(?:remove-lgtm|lgtm cancel)\s*$`,
    has((c) => isExactly(c, 'lgtm cancel') || isExactly(c, 'remove-lgtm')),
  ],
  ['hold', String.raw`(?mi)^/hold(?:\s.*)?$`, has((c) => c.name === 'hold')],
  [
    'hold cancel',
    `(?mi)^/(?:remove-hold|hold${BLANK}+cancel|unhold)(?:\\s.*)?$`,
    has((c) =>
      c.name === 'hold' ? firstArgumentIs(c, 'cancel') : /^(un|remove-)hold$/.test(c.name),
    ),
  ],
  [
    'approve',
    String.raw`(?mi)^/(?:remove-)?approve(?:\s|$)`,
    has((c) => approvalWish(c, false) !== undefined),
  ],
  [
    'approve no-issue',
    String.raw`(?mi)^/approve${BLANK}+no-issue[ \t\f\v\x{a0}]*(?:\r|$)`,
    has((c) => c.name === 'approve' && approvalWish(c, false)?.noIssue === true),
  ],
];

function has(claim: (command: ReturnType<typeof parseCommands>[number]) => boolean) {
  return (text: string) => parseCommands(text).some(claim);
}

const said = fc
  .array(
    fc.constantFrom(
      ...[
        '/lgtm',
        '/LGTM',
        '/remove-lgtm',
        '/hold',
        '/Hold',
        '/unhold',
        '/remove-hold',
        '/approve',
      ],
      ...[
        '/test',
        '/retest',
        '/retest-required',
        '/test-manual-required',
        '/ok-to-test',
        '/remove-approve',
      ],
      ...[' cancel', 'cancel', ' no-issue', ' all', ',', ' ?', '?', 'x', '-', '/'],
      ...[' ', '\t', '\n', '\n', '\r\n', '\r', '\f', '\v', '\u00a0', '\u2028', '\u0085'],
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

describe('agrees with Prow’s regular expressions (W§0, H1 H2 H9)', () => {
  test.for(REFERENCES)('%s', ([, pattern, ours]) => {
    fc.assert(
      fc.property(said, (text) => {
        expect([text, ours(text)]).toEqual([text, found(pattern, text)]);
      }),
      { numRuns: 3000 },
    );
  });

  test('trigger’s commands', () => {
    fc.assert(
      fc.property(said, (text) => {
        const prow = testCommands(text);

        expect([text, testRequestOf(text)]).toEqual([
          text,
          {
            asksForHelp: prow.testHelp,
            testWithoutTarget: prow.testBare,
            testWithTarget: prow.testNamed,
            testAll: prow.testAll,
            retest: prow.retest,
            retestWithTarget: prow.retestNamed,
            retestRequired: prow.retestRequired,
            okToTest: prow.okToTest,
            cancelOkToTest: prow.okToTestCancel,
            outdatesHelp: prow.prunesHelp,
          },
        ]);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a comment made to take long', () => {
  // As long as GitHub lets a comment be (65,536 characters).
  const LONG = 65_000;

  test.each([
    ['blanks in a line', `/hold ${' '.repeat(LONG)}x`],
    ['a long fence', `${'`'.repeat(LONG)}\n/hold\n${'`'.repeat(LONG)}\n/lgtm`],
    ['comments that are opened again and again', '<!-- '.repeat(LONG / 5)],
    ['fences', '~~~\n'.repeat(LONG / 4)],
    ['quotes', '> '.repeat(LONG / 2)],
  ])('is read at once: %s', (_what, text) => {
    const began = performance.now();
    parseCommands(spokenText(text));

    // Quadratic time would be seconds.
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

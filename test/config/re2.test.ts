import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { found, patternProblem } from '../../config/re2.ts';

const part = fc.constantFrom(
  ...['a', 'b', '/', '-', '.', String.raw`\.`, String.raw`\d`, String.raw`\s`, String.raw`\w`, ' '],
  ...['a*', '.*', 'b+', '.?', '^', '$', '|', '(a|b)', '(.*a)?', '(^b|/$)', String.raw`\S+`],
);
const pattern = fc
  .tuple(
    fc.constantFrom('', '', '(?i)', '(?m)', '(?ms)', '(?is)'),
    fc.array(part, { maxLength: 8 }),
  )
  .map(([flags, parts]) => flags + parts.join(''));
const text = fc
  .array(fc.constantFrom('a', 'b', 'B', '/', '-', '.', ' ', '1', 'é', '\n', '\r', '\u2028', '\v'), {
    maxLength: 10,
  })
  .map((characters) => characters.join(''));

describe('a pattern', () => {
  test('is found where RE2 finds it, whichever engine answers', () => {
    fc.assert(
      fc.property(pattern, text, (one, where) => {
        expect(patternProblem(one)).toBeUndefined();
        expect(found(one, where)).toBe(RE2JS.compile(one).test(where));
      }),
      { numRuns: 3000 },
    );
  });

  test.for([
    '((a|b)/)?c',
    '^(?:x|(y)+)*$',
    '[^/]+[a-zA-Z0-9-]*[0-9]',
    '(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)(l)(m)(n)(o)(p)(q)(r)(s)(t)(u)(v)(w)(x)(y)(z)[z-a]',
    'a**',
    '(?=a)',
    '[',
    '(()',
  ])('%j is refused as RE2 does', (one) => {
    const byEngine = () => RE2JS.compile(one) && undefined;
    const refused = (() => {
      try {
        return byEngine();
      } catch {
        return 'refused';
      }
    })();
    expect(patternProblem(one) === undefined).toBe(refused === undefined);
  });

  test('that would keep a backtracking engine busy is answered at once', () => {
    expect(found('a*a*a*a*a*a*a*a*a*b', 'a'.repeat(900))).toBe(false);
    expect(found('^(a+)+$', `${'a'.repeat(900)}b`)).toBe(false);
  });
});

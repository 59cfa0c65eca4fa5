import { expect, test } from 'vitest';
import { goPermutation } from '../../workflows/domain/go-rand.ts';

// Golden vectors of W§0, H11, and longer ones printed by Go 1.26.
test.for([
  [1, 5, [0, 4, 2, 3, 1]],
  [42, 5, [0, 1, 3, 4, 2]],
  [10, 3, [1, 2, 0]],
  [7, 0, []],
  [7, 1, [0]],
  [0, 8, [4, 2, 3, 0, 5, 7, 1, 6]],
  [123456, 16, [3, 14, 15, 6, 8, 13, 7, 1, 4, 2, 0, 11, 5, 12, 9, 10]],
  [2147483647, 9, [8, 2, 3, 0, 5, 7, 1, 6, 4]],
  [99999999999, 12, [7, 2, 10, 3, 1, 5, 0, 11, 8, 6, 4, 9]],
  [
    31337,
    40,
    [
      12, 26, 33, 27, 23, 2, 20, 34, 37, 0, 28, 24, 18, 25, 3, 9, 15, 11, 5, 10, 31, 17, 7, 36, 22,
      4, 19, 13, 14, 8, 39, 30, 38, 16, 1, 32, 6, 29, 21, 35,
    ],
  ],
] as const)('seed %i, n %i gives what Go gives', ([seed, n, expected]) => {
  expect(goPermutation(seed, n)).toEqual(expected);
});

import type { Scenario } from '../scenario.ts';

const lines = (count: number): string => 'line\n'.repeat(count);

/** The size follows the pushes; generated files do not count. */
export const scenario: Scenario = {
  name: 'sizes',
  plugins: ['size'],
  repository: {
    files: {
      '.generated_files': 'path-prefix made/\n',
      '.gitattributes': '*.lock linguist-generated=true\n',
    },
  },
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Stock the shelves',
      files: { 'list.txt': lines(5), 'made/list.txt': lines(900), 'a.lock': lines(900) },
    });
    await stage.labelled(number, 'size/XS');
    for (const [count, label] of [
      [15, 'size/S'],
      [60, 'size/M'],
      [200, 'size/L'],
      [600, 'size/XL'],
      [1500, 'size/XXL'],
      [3, 'size/XS'],
    ] as const) {
      await stage.push(number, { author: 'ann', files: { 'list.txt': lines(count) } });
      await stage.labelled(number, label);
    }
  },
};

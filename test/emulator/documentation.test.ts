import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GENERATED, routesDocument } from '../github/documentation.ts';
import { describeWith } from '../tools.ts';

describeWith(['github-contract'], 'docs/emulator.md', () => {
  // To write it anew: npx vitest run test/emulator/documentation.test.ts --update
  test('lists the routes that are served and those that are not', async () => {
    const file = join(import.meta.dirname, '../../docs/emulator.md');
    const [prose = ''] = (await readFile(file, 'utf8')).split(GENERATED);
    const folder = process.env['BOWSPRIT_GITHUB_CONTRACT'] ?? '';

    await expect(prose + routesDocument(folder)).toMatchFileSnapshot(file);
  });
});

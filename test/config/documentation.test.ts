import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configurationDocument } from '../../config/documentation.ts';

// To write it anew: npx vitest run test/config/documentation.test.ts --update
test('docs/configuration.md is what the declarations say', async () => {
  const file = join(import.meta.dirname, '../../docs/configuration.md');
  await expect(configurationDocument()).toMatchFileSnapshot(file);
});

test('the document has the keys of every file', () => {
  const text = configurationDocument();
  for (const key of [
    'tide.queries[].labels',
    'plank.default_decoration_config_entries[].config',
    'branch-protection.orgs.*.repos.*.branches.*.protect',
    'run_before_merge',
    'utility_images.clonerefs',
    'config_updater.maps.*.name',
  ]) {
    expect(text).toContain(`| \`${key}\` |`);
  }
});

import type { SizeSettings } from '../../config/plugins/size.ts';
import { addLabel, removeLabel } from '../domain/effect.ts';
import type { PullRequestEvent } from '../domain/event.ts';
import type { Facts } from '../domain/facts.ts';
import { SIZE_PREFIX } from '../domain/label-names.ts';
import { because, definePlugin, type Wish } from './plugin.ts';

const ACTIONS = ['opened', 'reopened', 'synchronize', 'edited'];

/** Says with a label how many lines a pull request changes. */
export const size = definePlugin({
  name: 'size',
  commands: [],
  description:
    'Labels pull requests by the number of lines that they change, XS to XXL. Generated files do not count: those that `.generated_files` or `linguist-generated=true` in `.gitattributes` name.',
  hearsTheBot: true,
  help: [],
  on: { pullRequest: onPullRequest },
});

async function onPullRequest(event: PullRequestEvent, facts: Facts): Promise<readonly Wish[]> {
  if (!ACTIONS.includes(event.action)) return [];
  const files = await facts.changedFiles();
  const generated = await facts.generatedPaths(files.map((file) => file.filename));
  const lines = files
    .filter((file) => !generated.has(file.filename))
    .reduce((sum, file) => sum + file.additions + file.deletions, 0);

  const label = `${SIZE_PREFIX}${sizeOf(lines, facts.settings.size)}`;
  const labels = await facts.labels();
  const why = `${lines} lines that count.`;
  const outdated = [...labels].filter((name) => name.startsWith(SIZE_PREFIX) && name !== label);
  return [
    ...outdated.map((name) => because(why, removeLabel(name))),
    ...(labels.has(label) ? [] : [because(why, addLabel(label))]),
  ];
}

function sizeOf(lines: number, { s, m, l, xl, xxl }: SizeSettings): string {
  if (lines < s) return 'XS';
  if (lines < m) return 'S';
  if (lines < l) return 'M';
  if (lines < xl) return 'L';
  return lines < xxl ? 'XL' : 'XXL';
}

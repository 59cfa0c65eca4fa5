import { job, type Scenario } from '../scenario.ts';

/** Jobs that depend on what is changed and where it goes. */
export const scenario: Scenario = {
  name: 'changes',
  plugins: ['trigger'],
  presubmits: [
    job('code', 'succeeds', { always_run: false, skip_if_only_changed: '^docs/' }),
    job('docs', 'succeeds', { always_run: false, run_if_changed: '^docs/' }),
    job('main-only', 'succeeds', { branches: ['main'] }),
    job('not-main', 'succeeds', { skip_branches: ['main'] }),
  ],
  repository: { branches: { release: { 'a.txt': 'a\n' } } },
  async play(stage) {
    const code = await stage.open({
      author: 'ann',
      title: 'Code',
      files: { 'code.txt': 'x\n' },
    });
    await stage.status(code, 'code', 'success');
    await stage.status(code, 'main-only', 'success');
    await stage.push(code, { author: 'ann', files: { 'docs/code.md': 'x\n' } });
    for (const context of ['code', 'docs', 'main-only']) {
      await stage.status(code, context, 'success');
    }
    const docs = await stage.open({
      author: 'ann',
      title: 'Docs',
      files: { 'docs/more.md': 'x\n' },
    });
    await stage.status(docs, 'docs', 'success');
    await stage.status(docs, 'main-only', 'success');
    await stage.say(docs, 'ann', '/test code');
    await stage.status(docs, 'code', 'success');
    const release = await stage.open({
      author: 'ann',
      title: 'Release',
      files: { 'b.txt': 'b\n' },
      base: 'release',
    });
    await stage.status(release, 'code', 'success');
    await stage.status(release, 'not-main', 'success');
    await stage.say(release, 'ann', '/test main-only');
    await stage.told(release, 'main-only');
  },
};

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONFIGURATION, change } from '../../workers/practice/repository.ts';
import { freePort } from '../../workers/provision/ports.ts';
import { type GitHub, startGitHub } from '../github/server.ts';
import { describeWith } from '../tools.ts';
import { type Bowsprit, startBowsprit } from './bowsprit.ts';
import { type Town, townAt } from './town.ts';
import { until } from './until.ts';

const MINUTES = 60_000;
const HOLD = 'do-not-merge/hold';
const BOT = 'acme-bot';
const SECRET = 'a-secret-of-hooks';
const README_PLUGINS = 'plugins:\n  acme/tiny: [size]\n';

/** Prow's files for `acme/clock`, and of its README for `acme/tiny`. */
const FILES: Readonly<Record<string, string>> = {
  'config.yaml': CONFIGURATION.config.replace('[practice/clock]', '[acme/clock, acme/tiny]'),
  'plugins.yaml': CONFIGURATION.plugins.replaceAll('practice/', 'acme/'),
  'jobs.yaml': CONFIGURATION.jobs.replaceAll('practice/', 'acme/'),
  'empty.yaml': '{}\n',
  'readme-plugins.yaml': README_PLUGINS,
  token: 'a-token',
  hmac: SECRET,
};

describeWith(['temporal', 'postgres', 'git', 'git-http-backend'], 'against a real GitHub', () => {
  let github: GitHub;
  let town: Town;
  let folder: string;
  let running: Bowsprit | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bowsprit-files-'));
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
    github = await startGitHub();
    town = townAt(github.url, 'acme/clock');
  }, MINUTES);
  afterAll(async () => {
    await running?.stop();
    await github?.close();
    await rm(folder, { recursive: true, force: true });
  }, 2 * MINUTES);

  /** An organisation whose people and repositories exist, with one hook that leads to a gateway. */
  async function settle(port: number): Promise<void> {
    await github.control.reset();
    const url = `http://127.0.0.1:${port}/hook`;
    await town.seed({
      users: ['ann', 'bob', 'carol', { login: BOT, type: 'Bot' }],
      tokens: { 'a-token': BOT },
      orgs: {
        acme: {
          members: ['ann', 'bob', BOT],
          admins: ['carol'],
          hooks: [{ url, secret: SECRET }],
        },
      },
      repos: ['clock', 'tiny'].map((name) => ({
        name: `acme/${name}`,
        files: { OWNERS: 'approvers:\n- bob\nreviewers:\n- bob\n', 'README.md': 'text\n' },
        collaborators: { bob: 'write', [BOT]: 'admin' },
      })),
    });
  }

  async function start(args: readonly string[], plugins = 'plugins.yaml', config = 'config.yaml') {
    const port = await freePort(0);
    await settle(port);
    running = await startBowsprit({
      args: [
        `--config-path=${join(folder, config)}`,
        `--plugin-config=${join(folder, plugins)}`,
        ...(config === 'empty.yaml' ? [] : [`--job-config-path=${join(folder, 'jobs.yaml')}`]),
        `--github-token-path=${join(folder, 'token')}`,
        `--hmac-secret-file=${join(folder, 'hmac')}`,
        `--github-endpoint=${github.url}`,
        `--port=${port}`,
        ...args,
      ],
    });
    await running.line(/Ctrl-C/, 2 * MINUTES);
    return { up: running, pages: `http://127.0.0.1:${port}` };
  }
  async function end(): Promise<void> {
    expect(await running?.stop()).toBe(0);
    running = undefined;
  }
  const ours = async () => (await town.ledger()).filter(({ client }) => /bowsprit/.test(client));
  const writes = async () => (await ours()).filter(({ method }) => method !== 'GET');

  test(
    'dry run is the default: all is decided and shown, and no write of any kind leaves',
    async () => {
      const { up, pages } = await start([]);
      expect(up.lines.join('\n')).toContain('dry run');
      const number = await town.open({ author: 'ann', title: 'A', files: change('a') });
      const stranger = await town.open({
        author: 'mallory',
        fork: true,
        title: 'B',
        files: change('b'),
      });
      for (const text of ['/hold', '/test no-such-job', '/lgtm', '/approve', '/lgtm cancel']) {
        await town.say(number, 'bob', text);
      }
      await town.say(stranger, 'bob', '/ok-to-test');
      // Nothing is tested there, so that nothing but the dry run is between it and its merge.
      const tiny = town.at('acme/tiny');
      const ready = await tiny.open({ author: 'ann', title: 'C', files: { 'c.txt': 'c\n' } });
      await tiny.label(ready, 'carol', { add: ['lgtm', 'approved'] });
      await until('the pool to want its merge', 30_000, async () => {
        const tide = await (await fetch(`${pages}/tide.js`)).text();
        return /"MERGE"/.test(tide) && tide.includes('tiny');
      });

      const page = async (of: number) => (await fetch(`${pages}/pull/acme/clock/${of}`)).text();
      await until('the decisions to be shown', 30_000, async () => {
        const [one, other] = await Promise.all([page(number), page(stranger)]);
        return (
          [HOLD, 'size/', 'approved', 'were not found'].every((word) => one.includes(word)) &&
          other.includes('ok-to-test')
        );
      });
      await town.say(number, 'bob', '/lgtm');
      await town.say(number, 'bob', '/hold cancel');
      await delay(6_000);

      expect((await ours()).length).toBeGreaterThan(0);
      expect(await writes()).toEqual([]);
      expect(await town.labels(number)).toEqual([]);
      expect((await tiny.state()).merges).toEqual([]);
      expect((await town.comments(number)).filter(({ author }) => author === BOT)).toEqual([]);
      await end();
    },
    4 * MINUTES,
  );

  test(
    '--dry-run=false writes; jobs of a repository that nobody named are refused in words',
    async () => {
      await start(['--dry-run=false']);
      const number = await town.open({ author: 'ann', title: 'A', files: change('a') });
      await town.say(number, 'bob', '/hold');

      await town.untilLabelled(number, HOLD);
      const described = await until('the refusal', 30_000, async () => {
        const { head } = await town.pull(number);
        const answer = await fetch(`${github.url}/repos/acme/clock/commits/${head.sha}/status`);
        const { statuses } = (await answer.json()) as {
          statuses: { context: string; state: string; description: string }[];
        };
        return statuses.find(({ context, state }) => context === 'unit' && state === 'error');
      });

      expect(described.description).toContain('--local-executor-trust');
      expect((await writes()).length).toBeGreaterThan(0);
      await end();
    },
    3 * MINUTES,
  );

  test(
    'the example of Prow’s README: plugins.yaml with `ORG/REPO: [size]` and nothing else',
    async () => {
      await start(['--dry-run=false'], 'readme-plugins.yaml', 'empty.yaml');
      const tiny = town.at('acme/tiny');
      const number = await tiny.open({ author: 'ann', title: 'A', files: { 'a.txt': 'a\n' } });

      await tiny.untilLabelled(number, 'size/XS');

      const other = await town.open({ author: 'ann', title: 'A', files: { 'a.txt': 'a\n' } });
      await delay(2_000);
      expect(await town.labels(other)).toEqual([]);
      await end();
    },
    3 * MINUTES,
  );
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openContract } from '../github/contract/contract.ts';
import { type GitHub, startGitHub } from '../github/server.ts';
import { describeWith } from '../tools.ts';
import { seedPractice, tokenOf } from './practice.ts';

/** What nothing acts on is shown as it was written: here a number where GitHub has a text. */
async function misspell(github: GitHub): Promise<void> {
  const answer = await fetch(`${github.url}/repos/acme/shop`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${tokenOf('ann')}` },
    body: JSON.stringify({ homepage: 7 }),
  });
  expect(answer.status).toBe(200);
}

describeWith(
  ['github-contract'],
  'everything that is sent is compared with what GitHub describes',
  () => {
    let scratch: string;
    let violations: string;

    beforeEach(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'bowsprit-violations-'));
      violations = join(scratch, 'violations.txt');
    });
    afterEach(() => rm(scratch, { recursive: true, force: true }));

    test('an answer of another shape fails the end of the emulator, and is in the file of the run', async () => {
      const github = await startGitHub({ violations });
      await seedPractice(github);

      await misspell(github);

      await expect(github.close()).rejects.toThrow('PATCH /repos/{owner}/{repo} 200: /homepage');
      expect(await readFile(violations, 'utf8')).toContain('/homepage must be string');
    });

    test('so does a webhook of another shape', async () => {
      const github = await startGitHub({ violations });
      await seedPractice(github);
      await misspell(github);

      github.control.openIssue('acme/shop', 'eve', { title: 'Broken' });

      await expect(github.close()).rejects.toThrow('webhook issues-opened: /repository/homepage');
    });

    test('what GitHub took away is held to what it published last', () => {
      const contract = openContract(process.env['BOWSPRIT_GITHUB_CONTRACT'] ?? '');

      contract.checkAnswer({
        method: 'GET',
        path: '/projects/:id',
        status: 200,
        body: { id: 'x' },
      });

      expect(contract.violations()).toEqual([
        expect.stringContaining('GET /projects/{project_id} 200: / must have required property'),
      ]);
    });

    test('the emulators of this run write into one file, which the end of the run reads', () => {
      expect(process.env['BOWSPRIT_GITHUB_VIOLATIONS']).toMatch(/violations\.txt$/);
      expect(process.env['BOWSPRIT_GITHUB_CONTRACT']).toMatch(/github-contract/);
    });
  },
);

import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStorageOpener } from '../../../activities/storage/open-storage.ts';
import type { Storage } from '../../../activities/storage/storage.ts';
import {
  type ObjectServer,
  s3CredentialsJson,
  startS3Server,
  writeCredentials,
} from '../../object-stores/servers.ts';
import { describeWith } from '../../tools.ts';
import { attemptOf, type Practice, practice, until } from './practice.ts';

describeWith(['git', 's3-server'], 'a run of the local executor whose bucket is on S3', () => {
  let given: Practice;
  let server: ObjectServer;
  let s3CredentialsFile: string;
  let storage: Storage;
  beforeAll(async () => {
    given = practice();
    server = await startS3Server(['logs']);
    s3CredentialsFile = await writeCredentials(given.folder, s3CredentialsJson(server.url));
    storage = createStorageOpener({ s3CredentialsFile })('s3://logs');
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    rmSync(given.folder, { recursive: true, force: true });
  });

  test('leaves its log there, which grows while it runs, and its artifacts', async () => {
    const attempt = attemptOf(given);
    const folder = `logs/unit/${attempt.buildId}`;
    const read = async (name: string): Promise<string> =>
      Buffer.from((await storage.read(`${folder}/${name}`)) ?? []).toString();
    const script = 'echo first; sleep 6; echo x > $ARTIFACTS/a.txt; echo last';
    const executor = given.executor(
      ['sh', '-c', script],
      { place: () => ({ bucket: 's3://logs', folder, pointers: [] }) },
      { storageCredentials: { s3CredentialsFile } },
    );

    await executor.startRun(attempt);
    await until(executor, attempt, ['running', 'finished']);
    await expect.poll(() => read('build-log.txt'), { timeout: 15_000 }).toMatch(/first\n$/);
    const end = await until(executor, attempt);

    expect(end).toMatchObject({ verdict: 'success' });
    await expect.poll(() => read('finished.json'), { timeout: 15_000 }).toContain('SUCCESS');
    expect(await read('build-log.txt')).toMatch(/first\nlast\n$/);
    expect(await read('artifacts/a.txt')).toBe('x\n');
  }, 60_000);
});

import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readRestDescription, readWebhookDescription, withoutThose } from './description.ts';

const run = promisify(execFile);

/** The packages that GitHub's descriptions come in; only {@link DESCRIPTION} of each is unpacked. */
const PACKAGES = {
  rest: '@octokit/openapi@23.0.2',
  /** The last with classic projects, which GitHub has taken away since and clients of Prow's age ask for. */
  former: '@octokit/openapi@18.2.0',
  webhooks: '@octokit/openapi-webhooks@12.1.0',
} as const;
const DESCRIPTION = 'package/generated/api.github.com.json';
/** Counted up when what is written into the cache changes. */
const FORM = 2;
const NPM_TIMEOUT_MS = 180_000;

/** GitHub's descriptions could not be had; the message says why and what to do. */
export class ContractNotFound extends Error {}

async function unpack(specification: string, scratch: string): Promise<unknown> {
  const folder = await mkdtemp(join(scratch, 'package-'));
  const pack = ['pack', specification, '--json', '--pack-destination', folder];
  await run('npm', pack, { cwd: folder, timeout: NPM_TIMEOUT_MS });
  const archive = `${specification.slice(1).replace('/', '-').replace('@', '-')}.tgz`;
  await run('tar', ['-xzf', join(folder, archive), '-C', folder, DESCRIPTION]);
  return JSON.parse(await readFile(join(folder, DESCRIPTION), 'utf8'));
}

async function write(folder: string, scratch: string): Promise<void> {
  const draft = await mkdtemp(join(scratch, 'draft-'));
  const rest = readRestDescription(await unpack(PACKAGES.rest, scratch));
  const former = readRestDescription(await unpack(PACKAGES.former, scratch));
  const webhooks = readWebhookDescription(await unpack(PACKAGES.webhooks, scratch));
  await writeFile(join(draft, 'rest.json'), JSON.stringify(rest));
  await writeFile(join(draft, 'former.json'), JSON.stringify(withoutThose(former, rest)));
  await writeFile(join(draft, 'webhooks.json'), JSON.stringify(webhooks));
  await rename(draft, folder).catch(async (error: unknown) => {
    // Another process was as far at the same moment.
    await access(join(folder, 'rest.json')).catch(() => Promise.reject(error));
  });
}

/** The folder with GitHub's descriptions of its API and webhooks, got from npm once per user and machine. */
export async function obtainContract(cacheDir: string): Promise<string> {
  const versions = Object.values(PACKAGES).map((name) => name.split('@').at(-1));
  const folder = join(cacheDir, `github-contract-${versions.join('-')}-${FORM}`);
  const there = await access(join(folder, 'rest.json')).then(
    () => true,
    () => false,
  );
  if (there) return folder;
  await mkdir(cacheDir, { recursive: true });
  // Beside the target, so that the rename stays on one file system.
  const scratch = await mkdtemp(join(cacheDir, 'github-contract-draft-'));
  try {
    await write(folder, scratch);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new ContractNotFound(`let npm reach its registry once (${reason})`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return folder;
}

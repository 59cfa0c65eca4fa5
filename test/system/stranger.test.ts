import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeIsolation } from '../../activities/local/isolation.ts';
import { describeWith } from '../tools.ts';
import { type Bowsprit, startBowsprit } from './bowsprit.ts';
import { addressOf, type Town, townAt } from './town.ts';
import { until } from './until.ts';

const MINUTES = 60_000;
const able = probeIsolation().kind === 'namespaces';

describeWith(['temporal', 'postgres', 'git', 'git-http-backend'], 'a stranger’s job', () => {
  describe.skipIf(!able)(able ? 'in its sandbox' : '(needs namespaces)', strangerTests);
});

function strangerTests(): void {
  let bowsprit: Bowsprit;
  let town: Town;
  let log = '';
  let secrets: readonly string[] = [];
  let number = 0;
  let runUrl = '';

  beforeAll(async () => {
    bowsprit = await startBowsprit({ args: ['--play=false'] });
    await bowsprit.line(/Ctrl-C/, 2 * MINUTES);
    town = townAt(addressOf(bowsprit, 'GitHub'));
    const practice = join(bowsprit.stateDir, 'practice');
    secrets = await Promise.all(
      ['token', 'hmac'].map((name) => readFile(join(practice, name), 'utf8')),
    );
    number = await town.open({
      author: 'mallory',
      fork: true,
      title: 'Just a test',
      files: { 'test/spy.test.js': spy(await targetsOf(bowsprit)) },
    });
    await town.untilLabelled(number, 'needs-ok-to-test');
    await town.say(number, 'bob', '/ok-to-test');
    await town.untilTested(number, ['unit']);
    log = await logOf(bowsprit.stateDir, 'unit');
    runUrl = await runUrlOf(town, number);
  }, 5 * MINUTES);
  afterAll(() => bowsprit?.stop(), 2 * MINUTES);

  test('is not run before a member says so', async () => {
    const said = (await town.comments(number)).filter(({ author }) => author === 'bowsprit-bot');

    expect(said.map(({ body }) => body).join('\n')).toContain('/ok-to-test');
    expect(await town.labels(number)).toContain('ok-to-test');
  });

  test.for([
    'read token',
    'read hmac',
    'list state',
    'read environ',
    'connect temporal',
    'connect postgres',
    'connect gateway',
    'connect emulator',
  ])('fails to %s', (attempt) => {
    const lines = log.split('\n').filter((line) => line.includes(`SPY ${attempt}:`));

    expect(lines.length, log).toBeGreaterThan(0);
    for (const line of lines) expect(line).toContain(': denied');
  });

  test('has no secret in its log', () => {
    expect(log).not.toContain('GOT');
    for (const secret of secrets) expect(log).not.toContain(secret.trim());
  });

  test('writes a log that stays text', async () => {
    expect(log).toContain('<script>document.title="owned"</script>');

    const page = await (await fetch(runUrl)).text();

    expect(page).not.toContain('<script>document.title');
    expect(page).toContain('&lt;script>document.title');
  });
}

interface Targets {
  readonly files: Readonly<Record<string, string>>;
  readonly folders: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, number>>;
}

/** A stranger who knows the machine by heart. */
async function targetsOf(bowsprit: Bowsprit): Promise<Targets> {
  const { stateDir } = bowsprit;
  const portOf = (address: string) => Number(/:(\d+)/.exec(address.replace('http:', ''))?.[1]);
  return {
    files: {
      token: join(stateDir, 'practice', 'token'),
      hmac: join(stateDir, 'practice', 'hmac'),
    },
    folders: { state: stateDir },
    ports: {
      temporal: await temporalPort(bowsprit),
      postgres: await postgresPort(stateDir),
      gateway: portOf(addressOf(bowsprit, 'Bowsprit')),
      emulator: portOf(addressOf(bowsprit, 'GitHub')),
    },
  };
}

async function temporalPort(bowsprit: Bowsprit): Promise<number> {
  const line = await readFile(`/proc/${bowsprit.pidOf('temporal')}/cmdline`, 'utf8');
  return Number(/--port\0(\d+)/.exec(line)?.[1]);
}

/** The fourth line of the server's own note. */
async function postgresPort(stateDir: string): Promise<number> {
  const names = await readdir(stateDir, { recursive: true });
  const note = names.find((name) => name.endsWith('postmaster.pid')) ?? '';
  return Number((await readFile(join(stateDir, note), 'utf8')).split('\n')[3]);
}

async function logOf(stateDir: string, job: string): Promise<string> {
  const storage = join(stateDir, 'storage');
  return until('the log', 20_000, async () => {
    const names = await readdir(storage, { recursive: true });
    const logs = names.filter(
      (name) => name.includes(`/${job}/`) && name.endsWith('build-log.txt'),
    );
    const texts = await Promise.all(logs.map((name) => readFile(join(storage, name), 'utf8')));
    return texts.find((text) => text.includes('SPY end'));
  });
}

async function runUrlOf(town: Town, number: number): Promise<string> {
  const { head } = await town.pull(number);
  const answer = await fetch(`${town.url}/repos/${town.repo}/commits/${head.sha}/status`);
  const { statuses } = (await answer.json()) as {
    statuses: { context: string; target_url: string }[];
  };
  return statuses.find(({ context }) => context === 'unit')?.target_url ?? '';
}

/** A "test" that looks around, tells what it found, and passes. */
function spy(targets: Targets): string {
  return `
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';

const targets = ${JSON.stringify(targets)};
const tell = (what, outcome) => process.stdout.write('\\nSPY ' + what + ': ' + outcome + '\\n');
const attempt = (what, act) => {
  try { tell(what, 'GOT ' + act()); } catch (error) { tell(what, 'denied ' + error.code); }
};
const reach = (what, host, port) => new Promise((resolve) => {
  const socket = connect({ host, port, timeout: 2000 });
  const end = (outcome) => { socket.destroy(); tell(what, outcome); resolve(); };
  socket.once('connect', () => end('GOT connected to ' + host));
  socket.once('timeout', () => end('denied timeout'));
  socket.once('error', (error) => end('denied ' + error.code));
});

test('looks around', async () => {
  process.stdout.write('\\n<script>document.title="owned"</script>\\u001b[31mred\\u001b[0m\\n');
  for (const [name, path] of Object.entries(targets.files)) {
    attempt('read ' + name, () => readFileSync(path, 'utf8'));
  }
  for (const [name, path] of Object.entries(targets.folders)) {
    attempt('list ' + name, () => readdirSync(path).join());
  }
  tell('read environ', 'denied none else');
  for (const pid of readdirSync('/proc').filter((name) => /^\\d+$/.test(name))) {
    let text = '';
    try { text = readFileSync('/proc/' + pid + '/environ', 'utf8'); } catch { continue; }
    if (/DATABASE_URL|TEMPORAL_ADDRESS/.test(text)) tell('read environ', 'GOT ' + text);
  }
  const addresses = Object.values(networkInterfaces()).flat().map(({ address }) => address);
  for (const host of new Set(['127.0.0.1', '::1', 'localhost', ...addresses])) {
    for (const [name, port] of Object.entries(targets.ports)) await reach('connect ' + name, host, port);
  }
  tell('end', 'denied nothing more');
});
`;
}

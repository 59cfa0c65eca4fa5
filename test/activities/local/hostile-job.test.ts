import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { probeIsolation } from '../../../activities/local/isolation.ts';
import { describeWith } from '../../tools.ts';
import { attemptOf, type Practice, practice, refsOf, stored, until } from './practice.ts';

const SECRET = 'token-of-the-worker';

const able = probeIsolation().kind === 'namespaces';

describeWith(['git'], "an untrusted pull request's job", () => {
  describe.skipIf(!able)(able ? 'in its sandbox' : '(needs namespaces)', probing);
});

function probing(): void {
  let given: Practice;
  let server: Server;
  let local: Server;
  let port = 0;
  let socket = '';

  beforeAll(async () => {
    given = practice();
    mkdirSync(join(given.folder, 'secrets'));
    writeFileSync(join(given.folder, 'secrets', 'token'), SECRET, { mode: 0o600 });
    // Worse than it should be: readable by everybody.
    writeFileSync(join(given.folder, 'open-token'), SECRET);
    chmodSync(join(given.folder, 'open-token'), 0o644);
    process.env['BOWSPRIT_TEST_SECRET'] = SECRET;
    server = createServer((connection) => connection.end(SECRET));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
    socket = join(given.folder, 'database.sock');
    local = createServer((connection) => connection.end(SECRET));
    await new Promise<void>((resolve) => local.listen(socket, resolve));
    chmodSync(socket, 0o777);
  });
  afterAll(() => {
    server.close();
    local.close();
    delete process.env['BOWSPRIT_TEST_SECRET'];
    rmSync(given.folder, { recursive: true, force: true });
  });

  /** What a script of a stranger can find out. */
  async function tries(script: string): Promise<string> {
    const executor = given.executor(
      ['bash', '-c', script],
      { clones: [refsOf(given, [given.one])] },
      { secrets: [given.folder] },
    );
    const attempt = attemptOf(given, { trusted: false });
    await executor.startRun(attempt);
    await until(executor, attempt);
    return await stored(given, attempt, 'build-log.txt');
  }

  test('reads no token, wherever it lies', async () => {
    const log = await tries(
      `cat ${given.folder}/secrets/token ${given.folder}/open-token; ls ${given.folder}; echo end`,
    );

    expect(log).toContain('end');
    expect(log).not.toContain(SECRET);
    expect(log).not.toContain('secrets\n');
  });

  test("reads no other process's environment, not even sees one", async () => {
    const log = await tries(
      `env; cat /proc/*/environ | tr '\\0' '\\n'; cat /proc/${process.pid}/environ; ls -d /proc/[0-9]* | wc -l; echo end`,
    );

    expect(log).toContain('end');
    expect(log).not.toContain(SECRET);
    expect(log).not.toContain('BOWSPRIT_TEST_SECRET');
    expect(log).not.toContain(`/proc/${process.pid}\n`);
  });

  test("reaches no port of the host: not Temporal's, not the database's", async () => {
    const log = await tries(
      `(exec 9<>/dev/tcp/127.0.0.1/${port} && cat <&9); ls -A /run; cut -d: -f1 -s /proc/net/dev; ` +
        `node -e 'require("net").connect("${socket}").pipe(process.stdout)'; echo end`,
    );

    expect(log).toContain('end');
    expect(log).not.toContain(SECRET);
    expect(log).toMatch(/refused/i);
    expect(log).toContain('ENOENT');
    expect(log).not.toMatch(/^\s*eth/m);
  });

  test('has no way back to what it gave up', async () => {
    const log = await tries(
      `id -u; grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status; umount /tmp; umount ${homedir()}; ` +
        `unshare -Ur umount ${homedir()} 2>&1; ls -A ${homedir()} | head -3; nsenter -t 1 -m true; echo end`,
    );

    expect(log).toMatch(/CapEff:\s+0+\n/);
    expect(log).toMatch(/NoNewPrivs:\s+1\n/);
    expect(log).not.toContain('.bashrc');
    if (process.getuid?.() === 0) expect(log).toMatch(/^6[0-4]\d{3}\n/);
  });

  test('leaves no process behind', async () => {
    const name = `hostile-${process.pid}`;
    await tries(
      `(setsid bash -c 'exec -a ${name} sleep 600' &) ; (trap '' TERM INT; sleep 600) & echo end`,
    );

    const running = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(running).not.toContain(name);
  });

  test('takes no more of the host than it may', async () => {
    const log = await tries(
      'ulimit -c; ulimit -f; ulimit -u; df -m --output=size /dev/shm | tail -1',
    );

    const [core, file, processes, memory] = log.trim().split('\n').map(Number);
    expect([core, file, memory]).toEqual([0, 4 * 1024 * 1024, 512]);
    if (process.getuid?.() === 0) expect(processes).toBe(4096);
  });

  test('leaves no folder behind, however deep', async () => {
    await tries('cd /tmp; for i in $(seq 100); do mkdir -p $(printf "%050d" $i); cd -P *0$i; done');

    // It is told that the run has ended before all is tidy.
    const runs = join(given.folder, 'state', 'runs');
    const scratches = () =>
      readdirSync(runs).filter((uuid) => existsSync(join(runs, uuid, '1', 'scratch')));
    await vi.waitUntil(() => scratches().length === 0, { timeout: 10_000 });
  });

  test('still can do its work: node, git, a server of its own, its scratch folder', async () => {
    const script = `
      git status --short && node -e '
        require("node:fs").writeFileSync("new.txt", "x");
        const s = require("node:http").createServer((q, r) => r.end("pong")).listen(0, "127.0.0.1", async () => {
          console.log(await (await fetch("http://127.0.0.1:" + s.address().port)).text());
          s.close();
        });
      '; ls; mktemp; echo $HOME; touch $HOME/x && echo home`;

    const log = await tries(script);

    expect(log).toContain('pong');
    expect(log).toContain('new.txt');
    expect(log).toContain('home\n');
  });
}

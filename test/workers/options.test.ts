import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseGoBoolean } from '../../workers/cli/flags.ts';
import { buildProgram } from '../../workers/cli/program.ts';
import { parseGatewayOptions, parseUpOptions, parseWorkerOptions } from '../../workers/options.ts';

const folder = mkdtempSync(join(tmpdir(), 'bowsprit-test-'));
const file = join(folder, 'file');
writeFileSync(file, 'content');
afterAll(() => rmSync(folder, { recursive: true }));

const real = { configPath: file, githubTokenPath: file, hmacSecretFile: file };
const local = { ...real, githubEndpoint: 'http://127.0.0.1:9000' };

describe('up', () => {
  test('practises without flags, and then writes', () => {
    expect(parseUpOptions({})).toMatchObject({
      target: { kind: 'practice' },
      dryRun: false,
      fresh: false,
      exit: false,
    });
  });

  test('writes nothing to a real GitHub unless told to', () => {
    expect(parseUpOptions(real)).toMatchObject({
      dryRun: true,
      target: { kind: 'github', github: { endpoint: 'https://api.github.com', tokenPath: file } },
    });
    expect(parseUpOptions({ ...real, dryRun: false }).dryRun).toBe(false);
  });

  test.for([
    [{ configPath: file }, '--github-token-path: give the file'],
    [{ ...real, hmacSecretFile: undefined }, '--hmac-secret-file: give the file'],
    [{ ...real, configPath: '/no/such' }, '--config-path: /no/such cannot be read'],
    [{ port: '70000' }, '--port: give a port number'],
    [{ port: 'http' }, '--port: give a port number'],
    [{ localExecutorTrust: ['acme'] }, '--local-executor-trust: give a repository as ORG/REPO'],
    [{ ...real, githubEndpoint: 'ftp://x' }, '--github-endpoint: give a URL'],
    [{ configDropLimit: '25' }, '--config-drop-limit: give a share, 0 to 1'],
    [{ configRollbackAfter: 'soon' }, '--config-rollback-after: give a duration'],
    [{ ...real, supplementalProwConfigDir: ['/no'] }, '--supplemental-prow-config-dir: /no cannot'],
  ] as const)('%j is refused: %s', ([flags, message]) => {
    const given = Object.fromEntries(
      Object.entries(flags).filter(([, value]) => value !== undefined),
    );

    expect(() => parseUpOptions(given)).toThrow(message);
  });
});

describe('gateway and worker', () => {
  beforeEach(() => {
    vi.stubEnv('DATABASE_URL', 'postgres://x');
    vi.stubEnv('TEMPORAL_ADDRESS', 'temporal:7233');
    vi.stubEnv('TEMPORAL_NAMESPACE', undefined);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test('a quarter may be dropped, and an older configuration waits, unless flags say otherwise', () => {
    const policy = { dropLimit: 0.25, rollbackAfterMs: 120_000 };
    expect(parseWorkerOptions(real)).toMatchObject({ configPolicy: policy, inRepoCacheSize: 200 });
    const given = {
      ...real,
      configDropLimit: '1',
      configRollbackAfter: '90s',
      supplementalProwConfigDir: [folder],
      supplementalProwConfigsFilename: '_x.yaml',
    };
    expect(parseWorkerOptions(given)).toMatchObject({
      configPolicy: { dropLimit: 1, rollbackAfterMs: 90_000 },
      config: { supplementalConfigDirs: [folder], supplementalConfigSuffix: '_x.yaml' },
    });
  });

  test('have Prow’s defaults', () => {
    const gateway = parseGatewayOptions({ ...real, stateDir: '/state' });

    expect(gateway).toMatchObject({
      port: 8888,
      webhookPath: '/hook',
      dryRun: true,
      databaseUrl: 'postgres://x',
      temporal: { address: 'temporal:7233', namespace: 'default' },
      storage: 'file:///state/storage',
    });
    expect(parseWorkerOptions(real)).toMatchObject({ metricsPort: 9090, dryRun: true });
  });

  test.for([
    ['file:///somewhere/', 'file:///somewhere'],
    ['gs://logs', 'gs://logs'],
    ['s3://logs/ci/', 's3://logs/ci'],
  ] as const)('files go to %s', ([storage, kept]) => {
    expect(parseWorkerOptions({ ...real, storage }).storage).toBe(kept);
  });

  test.for(['/somewhere', 'file://relative', 'http://bucket', 'gs://'])(
    'files do not go to %s, and what would do is said',
    (storage) => {
      expect(() => parseWorkerOptions({ ...real, storage })).toThrow(
        '--storage: give file:///SOME/FOLDER, gs://BUCKET or s3://BUCKET',
      );
    },
  );

  test('tokens of Slack go by host, the usual one for all others', () => {
    const tokens = { slackTokenFile: file, additionalSlackTokenFiles: [`own=${file}`] };

    expect(parseWorkerOptions({ ...real, ...tokens, pubsubWorkers: '2' }).reporters).toEqual({
      slackTokenFiles: { '*': file, own: file },
      pubsub: true,
    });
    expect(() => parseWorkerOptions({ ...real, additionalSlackTokenFiles: ['own'] })).toThrow(
      '--additional-slack-token-files: give HOST=FILE',
    );
    expect(() =>
      parseWorkerOptions({ ...real, additionalSlackTokenFiles: ['own=/no/such'] }),
    ).toThrow('/no/such cannot be read');
  });

  test('credentials that cannot be used are refused at the start, and never repeated', () => {
    const secret = join(folder, 'credentials');
    const flags = (text: string) => {
      writeFileSync(secret, text);
      return () => parseWorkerOptions({ ...real, s3CredentialsFile: secret });
    };

    expect(flags('{"access_key": "AK", "secret_key": "s3cr3t"}')().storageCredentials).toEqual({
      s3CredentialsFile: secret,
    });
    expect(flags('s3cr3t')).toThrow(`--s3-credentials-file=${secret}: cannot be read (not JSON)`);
    expect(flags('{"secret_key": ["s3cr3t"]}')).toThrow('secret_key: not as in');
    expect(flags('{"secret_key": ["s3cr3t"]}')).not.toThrow('s3cr3t');
  });

  test('say which variable is missing', () => {
    vi.stubEnv('DATABASE_URL', '');

    expect(() => parseWorkerOptions(real)).toThrow('DATABASE_URL is not set');
  });

  test('practise only on this machine', () => {
    expect(parseWorkerOptions({ ...local, practice: true })).toMatchObject({
      practice: true,
      dryRun: false,
    });
    expect(() => parseWorkerOptions({ ...real, practice: true })).toThrow('--practice');
  });

  test.for([
    [undefined, 'https://api.github.com/graphql'],
    ['https://ghe.example/api/v3/', 'https://ghe.example/api/graphql'],
    ['http://127.0.0.1:9000', 'http://127.0.0.1:9000/graphql'],
  ] as const)('REST at %s has GraphQL at %s', ([endpoint, graphql]) => {
    const flags = endpoint === undefined ? real : { ...real, githubEndpoint: endpoint };

    expect(parseWorkerOptions(flags).github.graphqlEndpoint).toBe(graphql);
  });
});

describe('the command line', () => {
  test.for([
    ['true', true],
    ['T', true],
    ['1', true],
    ['false', false],
    ['F', false],
    ['0', false],
  ] as const)('%s is %s, as in Go', ([text, value]) => {
    expect(parseGoBoolean(text)).toBe(value);
  });

  test('a boolean is no word of another language', () => {
    expect(() => parseGoBoolean('yes')).toThrow('true or false');
  });

  test.for([
    [['--dry-run=false'], { dryRun: false }],
    [['--dry-run'], { dryRun: true }],
    [['--fresh', '--exit'], { fresh: true, exit: true }],
    [
      ['--local-executor-trust=a/b', '--local-executor-trust', 'c/d'],
      { localExecutorTrust: ['a/b', 'c/d'] },
    ],
    [['--port', '1234'], { port: '1234' }],
  ] as const)('%j', async ([args, flags]) => {
    const program = buildProgram().exitOverride();
    const up = program.commands.find((command) => command.name() === 'up');
    let seen: unknown;
    up?.action((given: unknown) => {
      seen = given;
    });

    await program.parseAsync(['node', 'bowsprit', 'up', ...args]);

    expect(seen).toEqual(flags);
  });

  test.for(['up', 'gateway', 'worker'])('%s has help with an example', async (name) => {
    const program = buildProgram();
    const command = program.commands.find((candidate) => candidate.name() === name);
    let text = '';
    command?.configureOutput({ writeOut: (part) => (text += part) });
    command?.outputHelp();

    expect(text).toContain(`$ `);
    expect(text).toContain('--dry-run');
  });
});

import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Who may speak to the API, with what rights: name and groups. */
const ACCOUNTS = {
  admin: ['admin', 'system:masters'],
  controllers: ['system:kube-controller-manager', ''],
  scheduler: ['system:kube-scheduler', ''],
  node: ['system:node:127.0.0.1', 'system:nodes'],
} as const;

type Account = keyof typeof ACCOUNTS;

/** Files of keys and certificates of one cluster, and the tokens of its accounts. */
export interface Credentials {
  readonly folder: string;
  /** PEM text of the authority that signed all certificates. */
  readonly authority: string;
  readonly tokens: Readonly<Record<Account, string>>;
  file(name: string): string;
}

/** Makes an authority, certificates, keys and tokens that no other cluster knows. */
export function issueCredentials(folder: string): Credentials {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (name: string): string => join(folder, name);
  for (const key of ['ca', 'apiserver', 'kubelet-client', 'accounts']) writeKey(file(`${key}.key`));
  const itself = ['-subj', '/CN=bowsprit-test', '-addext', 'basicConstraints=critical,CA:TRUE'];
  openssl(file, ['-key', file('ca.key'), ...itself, '-out', file('ca.crt')]);
  const names = ['IP:127.0.0.1', 'IP:10.0.0.1', 'DNS:localhost', 'DNS:kubernetes.default.svc'];
  sign(file, 'apiserver', '/CN=kube-apiserver', [
    `subjectAltName=${names.join(',')}`,
    'extendedKeyUsage=serverAuth',
  ]);
  sign(file, 'kubelet-client', '/O=system:masters/CN=kube-apiserver', [
    'extendedKeyUsage=clientAuth',
  ]);
  const token = (): string => randomBytes(16).toString('hex');
  const tokens = { admin: token(), controllers: token(), scheduler: token(), node: token() };
  writeFileSync(file('tokens.csv'), tokenTable(tokens), { mode: 0o600 });
  return { folder, authority: readFileSync(file('ca.crt'), 'utf8'), tokens, file };
}

/** Writes a kubeconfig for one of the accounts, and returns its path. */
export function writeKubeconfig(
  { file, authority, tokens }: Credentials,
  account: Account,
  server: string,
): string {
  const path = file(`${account}.kubeconfig`);
  const cluster = {
    server,
    'certificate-authority-data': Buffer.from(authority).toString('base64'),
  };
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: account, user: { token: tokens[account] } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: account } }],
    'current-context': 'test',
  };
  writeFileSync(path, JSON.stringify(kubeconfig), { mode: 0o600 });
  return path;
}

function tokenTable(tokens: Readonly<Record<Account, string>>): string {
  const lines = Object.entries(ACCOUNTS).map(([account, [name, groups]]) => {
    const token = Object.entries(tokens).find(([of]) => of === account)?.[1] ?? '';
    return `${token},${name},${account},"${groups}"\n`;
  });
  return lines.join('');
}

function writeKey(path: string): void {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(path, privateKey.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 });
}

function sign(
  file: Credentials['file'],
  name: string,
  subject: string,
  extensions: readonly string[],
): void {
  const authority = ['-CA', file('ca.crt'), '-CAkey', file('ca.key')];
  const added = extensions.flatMap((extension) => ['-addext', extension]);
  const own = ['-key', file(`${name}.key`), '-subj', subject, '-out', file(`${name}.crt`)];
  openssl(file, [...authority, ...added, ...own]);
}

function openssl(file: Credentials['file'], args: readonly string[]): void {
  // A configuration of our own: what the machine's says of extensions is not wanted.
  writeFileSync(file('openssl.cnf'), '[req]\ndistinguished_name=name\n[name]\n');
  const fixed = ['req', '-x509', '-new', '-days', '30', '-config', file('openssl.cnf')];
  execFileSync('openssl', [...fixed, ...args], { timeout: 10_000, stdio: 'pipe' });
}

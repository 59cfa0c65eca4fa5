import { expect, test } from 'vitest';
import { expandVariables } from '../../../activities/local/expand.ts';
import type { HostIsolation } from '../../../activities/local/isolation.ts';
import { localRefusal, sharesNetwork } from '../../../activities/local/trust.ts';
import type { RunRequest } from '../../../workflows/domain/run.ts';

const strong: HostIsolation = { kind: 'namespaces', ownUid: true, missing: '' };
const weak: HostIsolation = { kind: 'none', ownUid: false, missing: 'no namespaces here' };

function runOf(trusted: boolean): RunRequest {
  return {
    uuid: '5e6b4044-62b2-42c0-94a9-0747447f95f3',
    type: 'presubmit',
    job: 'unit',
    context: 'unit',
    refs: { org: 'O', repo: 'R', base_ref: 'main' },
    configHash: '',
    cause: '',
    guid: '',
    optional: false,
    report: true,
    rerunCommand: '',
    retest: false,
    byPool: false,
    createdAt: 0,
    trusted,
    owner: '',
  };
}

test.for([
  { real: false, named: [], trusted: true, host: strong, says: undefined },
  { real: false, named: [], trusted: false, host: strong, says: undefined },
  { real: false, named: [], trusted: true, host: weak, says: undefined },
  { real: false, named: [], trusted: false, host: weak, says: 'no namespaces here' },
  { real: true, named: [], trusted: true, host: strong, says: '--local-executor-trust=O/R' },
  { real: true, named: ['o/r'], trusted: true, host: strong, says: undefined },
  { real: true, named: ['o/other'], trusted: true, host: strong, says: '--local-executor-trust' },
  { real: true, named: ['O/R'], trusted: false, host: strong, says: 'untrusted author' },
])('real GitHub $real, named $named, trusted $trusted, $host.kind: $says', (row) => {
  const trust = { realGitHub: row.real, repositories: row.named, network: [] };

  const refusal = localRefusal(runOf(row.trusted), trust, row.host);

  if (row.says === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toContain(row.says);
});

test('the network is shared with trusted runs of named repositories only', () => {
  const trust = { realGitHub: false, repositories: [], network: ['o/r'] };

  expect(sharesNetwork(runOf(true), trust)).toBe(true);
  expect(sharesNetwork(runOf(false), trust)).toBe(false);
  expect(sharesNetwork(runOf(true), { ...trust, network: [] })).toBe(false);
});

test.for([
  ['$(A)/x', 'one/x'],
  ['$(B)', '$(B)'],
  ['$$(A)', '$(A)'],
  ['$A', '$A'],
  ['$(constructor)', '$(constructor)'],
])('%s becomes %s, as in Kubernetes', ([text = '', expected]) => {
  expect(expandVariables(text, { A: 'one' })).toBe(expected);
});

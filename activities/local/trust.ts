import { fullName } from '../../workflows/domain/repository.ts';
import { type RunRequest, repositoryOf } from '../../workflows/domain/run.ts';
import type { HostIsolation } from './isolation.ts';

/** Whose code may run on this host. */
export interface LocalTrust {
  /** Against a real GitHub only what `repositories` names runs, and never a stranger's pull request. */
  readonly realGitHub: boolean;
  /** `ORG/REPO`, of `--local-executor-trust`. */
  readonly repositories: readonly string[];
  /** `ORG/REPO`, of `--local-executor-network`: trusted runs of these share the host's network. */
  readonly network: readonly string[];
}

/** Why a run may not run here, in words for its description; nothing if it may. */
export function localRefusal(
  run: RunRequest,
  trust: LocalTrust,
  host: HostIsolation,
): string | undefined {
  const name = fullName(repositoryOf(run.refs));
  if (trust.realGitHub && !names(trust.repositories, name)) {
    return `The local executor runs jobs of ${name} only with --local-executor-trust=${name}.`;
  }
  if (run.trusted) return undefined;
  if (trust.realGitHub) return 'The local executor never runs code of an untrusted author.';
  if (host.kind === 'namespaces') return undefined;
  return `The local executor does not run code of an untrusted author: ${host.missing}.`;
}

/** Whether a run shares the host's network. */
export function sharesNetwork(run: RunRequest, trust: LocalTrust): boolean {
  return run.trusted && names(trust.network, fullName(repositoryOf(run.refs)));
}

function names(list: readonly string[], name: string): boolean {
  return list.some((entry) => entry.toLowerCase() === name.toLowerCase());
}

import type { Payer } from './budgets.ts';
import type { Credential } from './identity.ts';

/** Tokens of one user share a budget; each installation has its own. */
export function payerOf(credential: Credential, address: string): Payer {
  const { user, grant, app } = credential;
  if (grant?.installation !== undefined) {
    return { kind: 'installation', id: String(grant.installation) };
  }
  if (app) return { kind: 'app', id: String(app.id) };
  if (typeof user === 'string') return { kind: 'address', id: address };
  return { kind: 'user', id: String(user.id) };
}

/** Says in GitHub's words that a primary limit is reached. */
export function exhausted({ kind, id }: Payer): string {
  if (kind === 'address') {
    return `API rate limit exceeded for ${id}. (But here's the good news: Authenticated requests get a higher rate limit. Check out the documentation for more details.)`;
  }
  const whom = kind === 'installation' ? 'installation ID' : kind === 'app' ? 'app ID' : 'user ID';
  return `API rate limit exceeded for ${whom} ${id}.`;
}

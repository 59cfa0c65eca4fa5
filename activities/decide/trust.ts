import type { PluginSettings } from '../../config/plugins-file.ts';
import type { Trust } from '../../workflows/domain/facts.ts';
import type { Batch } from './batch.ts';

/** TrustedUser (W§1.1): the first rule that fits wins; an error is an error, never "untrusted". */
export async function isTrusted(
  batch: Batch,
  { trigger }: PluginSettings,
  login: string,
): Promise<Trust> {
  const { repository } = batch.input;
  const { github } = batch.sources;
  const trusted: Trust = { trusted: true, reason: '' };
  if (batch.isBot(login)) return trusted;
  if (await github.isMember(repository.org, login)) return trusted;
  const reasons = [`User is not a member of the org.`];
  if (!trigger.only_org_members) {
    if (await github.isCollaborator(repository, login)) return trusted;
    reasons.push('User is not a collaborator.');
  }
  if (isTrustedApp(trigger.trusted_apps, login)) return trusted;
  const second = trigger.trusted_org;
  if (second !== '' && second !== repository.org) {
    if (await github.isMember(second, login)) return trusted;
    reasons.push(`User is not a member of the secondary org ${second}.`);
  }
  return { trusted: false, reason: reasons.join(' ') };
}

function isTrustedApp(apps: readonly string[], login: string): boolean {
  return login.endsWith('[bot]') && apps.includes(login.slice(0, -'[bot]'.length));
}

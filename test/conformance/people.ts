/** Of every scenario: `ann` writes, `bob` reviews and approves, `carol` owns, `mallory` is a stranger. */
export const PEOPLE = {
  writer: 'ann',
  reviewer: 'bob',
  owner: 'carol',
  stranger: 'mallory',
} as const;

/** The account that both systems act as. */
export const BOT = 'acme-bot';
/** The token of one of the people. */
export function tokenOf(login: string): string {
  return `token-of-${login}`;
}

/** The bot's token. */
export const TOKEN = 'token-of-the-bot';
/** What hooks are signed with. */
export const SECRET = 'a-secret-of-hooks';
/** Where all scenarios live. */
export const ORG = 'acme';

/** The repository of a scenario. */
export function repositoryOf(scenario: string): string {
  return `${ORG}/${scenario}`;
}

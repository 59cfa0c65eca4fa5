import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where `up` says where its Temporal and its database are, for commands beside it. */
export function servicesFile(stateDir: string): string {
  return join(stateDir, 'services.json');
}

/** Writes it; it holds the password of the database, so it is its owner's alone. */
export async function writeServicesFile(
  stateDir: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  await writeFile(servicesFile(stateDir), JSON.stringify(environment), { mode: 0o600 });
}

import type { App } from './apps.ts';

/** An app's other name, which may stand in `iss`, too. */
export function clientIdOf(app: Pick<App, 'id'>): string {
  return `Iv1.${app.id.toString(16).padStart(16, '0')}`;
}

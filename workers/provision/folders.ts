import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloads are kept, per user: `$XDG_CACHE_HOME/bowsprit`, else `~/.cache/bowsprit`. */
export function defaultCacheDir(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'bowsprit');
}

/** Where the state of `bowsprit up` is kept between starts: `$XDG_STATE_HOME/bowsprit`, else `~/.local/state/bowsprit`. */
export function defaultStateDir(): string {
  return join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'bowsprit');
}

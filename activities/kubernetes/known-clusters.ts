import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { KubeConfig } from '@kubernetes/client-node';
import { type BuildCluster, type ClusterSource, loadBuildClusters } from './build-clusters.ts';

/** The build clusters as the kubeconfig names them now. */
export interface KnownClusters {
  /** One whose credentials change stays the same object: its `config` is always the newest. */
  get(alias: string): BuildCluster | undefined;
  aliases(): readonly string[];
  /** Looks at the file again and again, until it is closed. */
  follow(following: ClusterFollowing): { close(): Promise<void> };
}

/** Who hears of changes. */
export interface ClusterFollowing {
  /** After any change of the file that counts. */
  readonly onChange?: () => void;
  /** The file cannot be read; what was known goes on. Told once for each fault. */
  readonly onError: (error: unknown) => void;
  /** Between two looks at the file, milliseconds. A change counts when the next look finds it the same. */
  readonly everyMs?: number;
}

const EVERY_MS = 3_000;

/**
 * Reads the build clusters. The file is looked at instead of waited for: a secret that is mounted is swapped by
 * a link, and may be on any file system. Throws if the first reading fails.
 */
export function knowClusters(source: ClusterSource): KnownClusters {
  const known = new Map<string, { readonly cluster: BuildCluster; config: KubeConfig }>();
  const take = (): void => {
    const loaded = loadBuildClusters(source);
    for (const alias of known.keys()) if (!loaded.has(alias)) known.delete(alias);
    for (const [alias, { config }] of loaded) {
      const entry = known.get(alias);
      if (entry === undefined) known.set(alias, followed(alias, config));
      else entry.config = config;
    }
  };
  // Before the first look: what changes in between is news.
  const first = source.kubeconfig === undefined ? '' : readFileSync(source.kubeconfig, 'utf8');
  take();
  return {
    get: (alias) => known.get(alias)?.cluster,
    aliases: () => [...known.keys()],
    follow({ onChange, onError, everyMs = EVERY_MS }) {
      const onNews = (): void => {
        take();
        onChange?.();
      };
      const look = createLook({ source, first }, { onError, onNews });
      let looking = look();
      const timer = setInterval(() => {
        looking = looking.then(look);
      }, everyMs);
      timer.unref();
      return {
        close: async () => {
          clearInterval(timer);
          await looking;
        },
      };
    },
  };
}

function followed(alias: string, first: KubeConfig) {
  const entry = {
    config: first,
    cluster: {
      alias,
      get config() {
        return entry.config;
      },
    },
  };
  return entry;
}

/** Whether the file says something new, for good: a file that is being written differs at the next look. */
function createLook(
  { source: { kubeconfig }, first }: { readonly source: ClusterSource; readonly first: string },
  { onNews, onError }: { readonly onNews: () => void; readonly onError: (error: unknown) => void },
): () => Promise<void> {
  let taken = first;
  let seen: string | undefined;
  let fault = '';
  return async () => {
    if (kubeconfig === undefined) return;
    try {
      const text = await readFile(kubeconfig, 'utf8');
      const isWhole = text === seen && text.trim() !== '';
      seen = text;
      if (text === taken || !isWhole) return;
      onNews();
      taken = text;
      fault = '';
    } catch (error) {
      if (String(error) !== fault) onError(error);
      fault = String(error);
    }
  };
}

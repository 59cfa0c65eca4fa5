import type { BuildCluster } from '../activities/kubernetes/build-clusters.ts';
import type { KnownClusters } from '../activities/kubernetes/known-clusters.ts';

/** What works for one build cluster. */
export interface Station {
  /** Settles when it has ended; rejects if it broke. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** One station for each build cluster that the kubeconfig names. */
export interface Stations {
  /** Rejects if a station breaks. */
  readonly broken: Promise<never>;
  /**
   * Opens those that are missing, closes those whose cluster is named no more. Rejects if one cannot be opened,
   * after it has seen to all others.
   */
  adjust(): Promise<void>;
  close(): Promise<void>;
}

/** Opens none before the first `adjust`. */
export function openStations(
  clusters: Pick<KnownClusters, 'get' | 'aliases'>,
  open: (cluster: BuildCluster) => Promise<Station>,
): Stations {
  const stations = new Map<string, Station>();
  let breakDown: (reason: unknown) => void = () => undefined;
  const broken = new Promise<never>((_resolve, reject) => {
    breakDown = reject;
  });
  broken.catch(() => undefined);
  let work = Promise.resolve();
  const inTurn = (step: () => Promise<void>): Promise<void> => {
    work = work.then(step, step);
    return work;
  };
  const closeOthers = async (wanted: ReadonlySet<string>): Promise<void> => {
    const gone = [...stations].filter(([alias]) => !wanted.has(alias));
    for (const [alias] of gone) stations.delete(alias);
    await Promise.all(gone.map(([, station]) => station.close()));
  };
  const openOne = async (alias: string): Promise<void> => {
    const cluster = clusters.get(alias);
    if (cluster === undefined) return;
    const station = await open(cluster);
    stations.set(alias, station);
    station.ended.catch(breakDown);
  };
  return {
    broken,
    adjust: () =>
      inTurn(async () => {
        const wanted = new Set(clusters.aliases());
        await closeOthers(wanted);
        const opening = [...wanted].filter((alias) => !stations.has(alias)).map(openOne);
        const failed = (await Promise.allSettled(opening)).find(isRejected);
        if (failed !== undefined) throw failed.reason;
      }),
    close: () => inTurn(() => closeOthers(new Set())),
  };
}

function isRejected(result: PromiseSettledResult<void>): result is PromiseRejectedResult {
  return result.status === 'rejected';
}

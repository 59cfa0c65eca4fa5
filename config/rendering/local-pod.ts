import type { Pod, Volume } from './pod-types.ts';

/** Whether a volume needs nothing but the node. */
export function isLocalVolume(volume: Volume): boolean {
  return volume['hostPath'] !== undefined || volume['emptyDir'] !== undefined;
}

/** A pod with other volumes: `empty` (or `emptyDir`) is an empty folder, '' leaves it, all else is a path on the node. */
export function withVolumes(pod: Pod, chosen: ReadonlyMap<string, string>): Pod {
  const volumes = pod.spec.volumes?.map((volume) =>
    replaced(volume, chosen.get(volume.name) ?? ''),
  );
  return volumes === undefined ? pod : { ...pod, spec: { ...pod.spec, volumes } };
}

function replaced(volume: Volume, choice: string): Volume {
  if (choice === '') return volume;
  const empty = choice === 'empty' || choice.toLowerCase() === 'emptydir';
  return { name: volume.name, ...(empty ? { emptyDir: {} } : { hostPath: { path: choice } }) };
}

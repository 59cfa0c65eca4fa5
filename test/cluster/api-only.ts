import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { makeRunFolder, removeRunFolder } from './run-folder.ts';

/**
 * The API of Kubernetes without a node: pods are stored and never run; a test drives their status by
 * hand. Up in about three seconds; any number at once. Needs the tool `kubernetes-api`.
 */
export async function startApiOnly(): Promise<ControlPlane> {
  const folder = makeRunFolder();
  try {
    const plane = await startControlPlane(folder, { controllers: false });
    return { ...plane, stop: () => plane.stop().finally(() => removeRunFolder(folder)) };
  } catch (error) {
    removeRunFolder(folder);
    throw error;
  }
}

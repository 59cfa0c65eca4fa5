import { posix } from 'node:path';
import type { Volume, VolumeMount } from './pod-types.ts';

/** A volume together with its mount. */
export interface Mounted {
  readonly volume: Volume;
  readonly mount: VolumeMount;
}

const OWNER_READS = 0o400;

/** Logs and artifacts of a run, shared by all its containers (J§1.4). */
export const LOGS = scratch('logs', '/logs');
/** The entrypoint, handed over to the test containers. */
export const TOOLS = scratch('tools', '/tools');
/** The code under test. */
export const CODE = scratch('code', '/home/prow/go');
/** Scratch space of `clonerefs`. */
export const CLONE_SCRATCH = scratch('clonerefs-tmp', '/tmp');

/** Where containers put what is kept of a run. */
export const ARTIFACTS = '/logs/artifacts';

/** A secret as a folder. */
export function secretFolder(name: string, secretName: string, mountPath: string): Mounted {
  return { volume: { name, secret: { secretName } }, mount: { name, mountPath } };
}

/** A folder of the node, for runs whose files stay there. */
export function nodeFolder(name: string, path: string, mountPath: string): Mounted {
  return { volume: { name, hostPath: { path } }, mount: { name, mountPath } };
}

/** One key of a secret as a file; its volume is named after the secret. */
export function secretFile(
  secret: { readonly name?: string | undefined; readonly key?: string | undefined },
  mountPath: string,
): Mounted & { readonly file: string } {
  const { name = '', key = '' } = secret;
  return {
    volume: { name, secret: { secretName: name, items: [{ key, path: `./${key}` }] } },
    mount: { name, mountPath, readOnly: true },
    file: posix.join(mountPath, key),
  };
}

/** A secret of SSH keys, which only their owner may read. */
export function sshKeys(secretName: string): Mounted {
  const name = `ssh-keys-${secretName}`;
  return {
    volume: { name, secret: { secretName, defaultMode: OWNER_READS } },
    mount: { name, mountPath: posix.join('/secrets/ssh', secretName), readOnly: true },
  };
}

/** Git's cookies: `SECRET` or `SECRET/KEY`; without a key, the secret's name is the key. */
export function cookieFile(setting: string): Mounted & { readonly file: string } {
  const slash = setting.indexOf('/');
  const [secretName, key] =
    slash < 0 ? [setting, setting] : [setting.slice(0, slash), setting.slice(slash + 1)];
  const [name, mountPath] = ['cookiefile', '/secrets/cookiefile'];
  return {
    volume: { name, secret: { secretName, defaultMode: OWNER_READS } },
    mount: { name, mountPath, readOnly: true },
    file: posix.join(mountPath, key),
  };
}

function scratch(name: string, mountPath: string): Mounted {
  return { volume: { name, emptyDir: {} }, mount: { name, mountPath } };
}

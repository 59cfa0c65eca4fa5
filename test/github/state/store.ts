import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyModel, type Model } from './model.ts';

const SAVE_AFTER_MS = 300;

/** The model in memory and its debounced copy on disk. */
export interface Store {
  readonly model: Model;
  readonly gitRoot: string;
  nextId(): number;
  /** Says that the model changed; it is written a little later. */
  touch(): void;
  /** Forgets everything, git repositories included; ids go on counting. */
  reset(): Promise<void>;
  flush(): Promise<void>;
}

async function readModel(file: string): Promise<Model> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return emptyModel();
  }
}

/** Opens the state kept in a folder, or starts an empty one. */
export async function openStore(stateDir: string): Promise<Store> {
  const file = join(stateDir, 'model.json');
  const gitRoot = join(stateDir, 'git');
  await mkdir(gitRoot, { recursive: true });
  const model = await readModel(file);
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  let generation = 0;

  async function write(): Promise<void> {
    const draft = `${file}.draft`;
    await writeFile(draft, JSON.stringify(model));
    await rename(draft, file);
  }
  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write);
    return writing;
  }
  function touch(): void {
    timer ??= setTimeout(() => void flush(), SAVE_AFTER_MS);
  }
  async function reset(): Promise<void> {
    Object.assign(model, emptyModel(), { nextId: model.nextId });
    generation += 1;
    const trash = join(stateDir, `trash-${process.pid}-${generation}`);
    await rename(gitRoot, trash);
    await mkdir(gitRoot, { recursive: true });
    void rm(trash, { recursive: true, force: true }).catch(() => undefined);
    touch();
  }
  function nextId(): number {
    model.nextId += 1;
    return model.nextId;
  }
  return { model, gitRoot, nextId, touch, reset, flush };
}

import type { Problem } from './problem.ts';
import type { ConfigFiles } from './reading.ts';
import type { ConfigFile } from './source.ts';

/**
 * Files that look as if somebody were still writing them, compared with what they were. Half a file is often
 * good YAML, with half of the jobs; so what lost its end is refused until it has one again.
 */
export function halfWritten(before: ConfigFiles, after: ConfigFiles): readonly Problem[] {
  const known = new Map(allOf(before).map((file) => [file.name, file]));
  return allOf(after).flatMap((file) => {
    const old = known.get(file.name);
    if (old === undefined || old.text === file.text || !isCut(old.text, file.text)) return [];
    return [problemOf(file)];
  });
}

/** Files that are the beginning of what they were; they may have been shortened on purpose. */
export function shortened(before: ConfigFiles, after: ConfigFiles): boolean {
  const known = new Map(allOf(before).map((file) => [file.name, file]));
  return allOf(after).some(({ name, text }) => {
    const old = known.get(name)?.text ?? '';
    return old.length > text.length && old.startsWith(text);
  });
}

function isCut(old: string, text: string): boolean {
  if (text.trim() === '') return old.trim() !== '';
  return old.endsWith('\n') && !text.endsWith('\n');
}

function problemOf({ name, text }: ConfigFile): Problem {
  const empty = text.trim() === '';
  return {
    file: name,
    ...(empty ? {} : { line: text.split('\n').length }),
    field: '',
    why: empty
      ? 'the file was emptied, as one is that is about to be written'
      : 'the file ends in the middle of a line, as one does that is still being written',
    next: empty
      ? 'Write it again; to have nothing in it, remove it or leave a comment.'
      : 'Write the rest; if this is all of it, end it with a line end.',
  };
}

function allOf(files: ConfigFiles): readonly ConfigFile[] {
  const { config, supplemental = [], jobs = [], plugins, supplementalPlugins = [] } = files;
  return [config, ...supplemental, ...jobs, ...(plugins ? [plugins] : []), ...supplementalPlugins];
}

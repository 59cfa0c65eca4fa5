import { stringify } from 'yaml';

/** A Kubernetes object as YAML, keys in order; text that YAML 1.1 would read as something else is quoted. */
export function objectYaml(object: object): string {
  return stringify(object, {
    version: '1.1',
    sortMapEntries: true,
    indentSeq: false,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

import type { Complain } from './complain.ts';
import type { Job } from './jobs.ts';

const RESERVED_LABELS = new Set(['prow.k8s.io/type', 'created-by-prow', 'prow.k8s.io/id']);
const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const DOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LONGEST = 63;
const LONGEST_DOMAIN = 253;

/** Reports labels and annotations that Kubernetes or Prow would not take (J§4.5). */
export function checkMetadata(job: Job, complain: Complain): void {
  for (const [key, value] of Object.entries(job.labels)) {
    if (RESERVED_LABELS.has(key)) {
      complain(['labels', key], `the label ${key} is reserved`, 'Remove the label.');
    }
    if (!isKey(key)) complain(['labels', key], `${key} is no name of a label`, KEYS);
    if (value !== '' && !isName(value)) {
      const next = 'Use letters, digits, `-`, `_` and `.`, 63 characters at most.';
      complain(['labels', key], `${JSON.stringify(value)} is no value of a label`, next);
    }
  }
  for (const key of Object.keys(job.annotations)) {
    if (!isKey(key)) {
      complain(['annotations', key], `${key} is no name of an annotation`, KEYS);
    }
  }
}

const KEYS = 'Write name or domain/name; the name has 63 characters at most.';

function isKey(key: string): boolean {
  const [name = '', domain, ...more] = key.split('/').reverse();
  if (more.length > 0 || !isName(name)) return false;
  return domain === undefined || (domain.length <= LONGEST_DOMAIN && DOMAIN.test(domain));
}

function isName(text: string): boolean {
  return text.length <= LONGEST && NAME.test(text);
}

const PATTERNS: readonly (readonly [RegExp, (parts: readonly string[]) => string])[] = [
  [/^retest:/, () => 'the merge pool'],
  [/^run:([0-9a-f]{8})[^:]*:/, ([run = '']) => `run ${run}`],
  [/^pr:\d+:body:/, () => 'the text of the pull request'],
  [/^issue:\d+:body:/, () => 'the text of the issue'],
  [/^pr:\d+:((?:un)?labeled):(.+):\d{4}-\d\d-\d\dT/, ([did, label]) => `${did} ${label}`],
  [/^pr:\d+:([a-z_]+)/, ([did = '']) => did.replaceAll('_', ' ')],
  [/^(comment|review|review-comment):\d+:(\w+)/, ([what = '', did = '']) => wordsOf(what, did)],
  [/^push:(.+):([0-9a-f]{9})[0-9a-f]*$/, ([ref, sha]) => `push of ${sha} to ${ref}`],
  [/^status:/, () => 'a status'],
];

function wordsOf(what: string, did: string): string {
  const name = what.replace('-', ' ');
  return did === 'created' || did === 'body' || did === 'submitted' ? name : `${name} ${did}`;
}

/** What an event was, for people; its key itself where nobody thought of a word. */
export function causeInWords(key: string): string {
  for (const [pattern, words] of PATTERNS) {
    const match = pattern.exec(key);
    if (match !== null) return words(match.slice(1).map((part) => part ?? ''));
  }
  return key;
}

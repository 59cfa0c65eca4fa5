const LONGEST = 140;
const ELISION = ' ... ';
const EM_QUAD = '\u2001';
/** One em quad is drawn about as wide as four letters: so many push the suffix to the right. */
const LETTERS_PER_EM_QUAD = 4;
const SUFFIX = / basesha:([0-9a-f]{40})$/i;
const SKIP_RETEST = '[prow:skip-retest]';

/** A status description that ends with the base it was tested on, in Prow's form (J§1.6). */
export function withBaseSha(description: string, baseSha: string): string {
  const suffix = baseSha === '' ? '' : ` BaseSHA:${baseSha}`;
  const text = elide(description, LONGEST - suffix.length);
  if (suffix === '') return text;
  const free = LONGEST - suffix.length - [...text].length;
  return text + EM_QUAD.repeat(Math.ceil(free / LETTERS_PER_EM_QUAD)) + suffix;
}

/** The base SHA at the end of a description, empty if there is none. */
export function baseShaOf(description: string): string {
  return SUFFIX.exec(description)?.[1]?.toLowerCase() ?? '';
}

/** The words of a description, without the base. */
export function withoutBaseSha(description: string): string {
  return description.replace(SUFFIX, '').replace(new RegExp(`${EM_QUAD}+$`), '');
}

/** Whether a success counts on every base, whatever was merged since (J§2.2.1). */
export function skipsRetest(description: string): boolean {
  return description.includes(SKIP_RETEST);
}

/** Takes out the middle, counting characters as GitHub does. */
function elide(text: string, longest: number): string {
  const letters = [...text];
  if (letters.length <= longest) return text;
  const half = Math.floor((longest - ELISION.length) / 2);
  return letters.slice(0, half).join('') + ELISION + letters.slice(-half).join('');
}

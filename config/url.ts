const SCHEME = /^[a-zA-Z][a-zA-Z0-9+.-]*:/;
const ESCAPE = /%(?![0-9a-fA-F]{2})/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what an address may not hold
const CONTROL = /[\x00-\x1f\x7f]/;
// What may stand in a host besides letters, digits and what is not ASCII.
const HOST = /^[\w.~!$&'()*+,;=:[\]<>"%-]*$/;

/** Why Go's `url.Parse` refuses a text; undefined if it does not. */
export function urlProblem(text: string): string | undefined {
  if (CONTROL.test(text)) return 'it has control characters';
  const [address = ''] = text.split('#', 1);
  if (address.startsWith(':')) return 'the scheme before : is missing';
  const scheme = SCHEME.exec(address)?.[0] ?? '';
  const [rest = ''] = address.slice(scheme.length).split('?', 1);
  if (!rest.startsWith('/')) {
    if (scheme !== '') return undefined;
    const [segment = ''] = rest.split('/', 1);
    if (segment.includes(':')) return 'its first part has a colon';
  }
  const [, authority, path = rest] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? [];
  return authorityProblem(authority ?? '') ?? escapeProblem(path);
}

function authorityProblem(authority: string): string | undefined {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  if (!HOST.test(host.replace(/[^\x00-\x7f]/g, ''))) return 'its host has odd characters';
  const colon = host.startsWith('[') ? host.indexOf(']') + 1 : host.lastIndexOf(':');
  if (host.startsWith('[') && colon === 0) return "its host has no ']'";
  const port = colon < 0 ? '' : host.slice(colon);
  if (!/^(:\d*)?$/.test(port)) return `the port ${JSON.stringify(port)} is none`;
  return escapeProblem(host);
}

function escapeProblem(text: string): string | undefined {
  return ESCAPE.test(text) ? 'a % is not followed by two digits of base 16' : undefined;
}

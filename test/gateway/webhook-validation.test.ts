import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { fixedHmacSecrets, hmacSecretsFromFile } from '../../gateway/webhook/hmac-secrets.ts';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import { commentPayload } from './payloads.ts';
import { deliver, openPostOffice, type PostOffice, SECRET, sign } from './post-office.ts';

let database: TestDatabase;
let office: PostOffice;

beforeAll(async () => {
  database = await freshDatabase();
  office = openPostOffice(database.db);
});
afterAll(async () => {
  await office.app.close();
  await database.drop();
});

type Fault = [what: string, InjectOptions, Readonly<Record<string, string>>, status: number];

const BODY = JSON.stringify(commentPayload('/hold'));
const GOOD = {
  'content-type': 'application/json',
  'x-github-event': 'issue_comment',
  'x-github-delivery': 'guid-1',
  'x-hub-signature-256': sign(BODY),
};

describe('validation, in the order of W§2.2', () => {
  test.for([
    // what is wrong, what the request differs in, status; a request with several faults shows the first
    ['GET', { method: 'GET' }, {}, 405],
    [
      'PUT with nothing right',
      { method: 'PUT' },
      { 'x-github-event': '', 'content-type': 'x/y' },
      405,
    ],
    ['DELETE', { method: 'DELETE' }, {}, 405],
    ['no event', {}, { 'x-github-event': '', 'x-github-delivery': '' }, 400],
    ['no delivery', {}, { 'x-github-delivery': '', 'x-hub-signature-256': '' }, 400],
    ['no signature', {}, { 'x-hub-signature-256': '', 'content-type': 'text/plain' }, 403],
    ['another content type', {}, { 'content-type': 'application/x-www-form-urlencoded' }, 400],
    ['a charset', {}, { 'content-type': 'application/json; charset=utf-8' }, 400],
    ['no content type', {}, { 'content-type': '' }, 400],
    ['a content type that is none', {}, { 'content-type': ';;;' }, 400],
    ['more announced than sent', {}, { 'content-length': '99999' }, 500],
    ['not JSON', { payload: '{' }, { 'x-hub-signature-256': sign('{') }, 403],
    ['JSON but no object', { payload: '[]' }, { 'x-hub-signature-256': sign('[]') }, 403],
    ['empty', { payload: '' }, { 'x-hub-signature-256': sign('') }, 403],
    ['SHA-1', {}, { 'x-hub-signature-256': `sha1=${'0'.repeat(40)}` }, 403],
    ['no prefix', {}, { 'x-hub-signature-256': sign(BODY).slice(7) }, 403],
    ['not hexadecimal', {}, { 'x-hub-signature-256': `sha256=${'z'.repeat(64)}` }, 403],
    ['too short', {}, { 'x-hub-signature-256': sign(BODY).slice(0, -2) }, 403],
    ['wrong secret', {}, { 'x-hub-signature-256': sign(BODY, 'other') }, 403],
    ['another body', { payload: `${BODY} ` }, {}, 403],
    ['nothing', {}, {}, 200],
  ] satisfies readonly Fault[])('%s', async ([, request, headers, status]: Fault) => {
    const given = Object.entries({ ...GOOD, ...headers }).filter(([, value]) => value !== '');

    const response = await office.app.inject({
      method: 'POST',
      url: '/hook',
      payload: BODY,
      ...request,
      headers: Object.fromEntries(given),
    });

    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  it('counts answers by code and events with a right signature by kind', async () => {
    const { body } = await office.app.inject('/metrics');

    expect(body).toMatch(/^prow_webhook_response_codes\{response_code="405"\} 3$/m);
    expect(body).toMatch(/^prow_webhook_counter\{event_type="issue_comment"\} 1$/m);
  });
});

const LEVELS = `
'*': [{value: everywhere}]
acme:
  - {value: old-org, created_at: 2026-01-01T00:00:00Z}
  - {value: new-org, created_at: 2026-06-01T00:00:00Z}
acme/Secret-Repo: [{value: repo-only}]
acme/closed: []
`;

describe('HMAC secrets by level', () => {
  test.for([
    // repository, organisation, signed with, status
    ['other/thing', undefined, 'everywhere', 200],
    ['other/thing', undefined, 'new-org', 403],
    ['Acme/widgets', undefined, 'old-org', 200],
    ['acme/widgets', undefined, 'new-org', 200],
    ['acme/widgets', undefined, 'everywhere', 403],
    ['acme/secret-repo', undefined, 'repo-only', 200],
    ['acme/secret-repo', undefined, 'new-org', 403],
    ['acme/closed', undefined, 'new-org', 403],
    [undefined, 'acme', 'new-org', 200],
    [undefined, 'acme', 'everywhere', 403],
    [undefined, undefined, 'everywhere', 200],
  ] as const)('%j', async ([repository, organization, secret, status]) => {
    const leveled = openPostOffice(database.db, LEVELS);
    const body = JSON.stringify({
      repository: repository && { id: 1, full_name: repository },
      organization: organization && { login: organization },
    });

    const response = await deliver(leveled, 'ping', body, {
      'x-hub-signature-256': sign(body, secret),
    });

    expect(response.statusCode).toBe(status);
  });

  it('refuses everything when the file is empty, rather than accept an empty secret', async () => {
    const open = openPostOffice(database.db, ' \n');

    const response = await deliver(open, 'ping', '{}', {
      'x-hub-signature-256': sign('{}', '\u0000'),
    });

    expect(response.statusCode).toBe(403);
  });
});

describe('the HMAC file', () => {
  it.each(['!se cret', '%se cret', '&se cret', '*se cret', '"se cret'])(
    'may hold %j: no warning quotes it',
    async (secret) => {
      const warnings: string[] = [];
      const listen = (warning: Error): number => warnings.push(warning.message);
      process.on('warning', listen);

      const secrets = fixedHmacSecrets(secret);
      await new Promise((resolve) => setImmediate(resolve));

      process.off('warning', listen);
      expect(warnings).toEqual([]);
      expect(await secrets.secretsFor('a/b')).toEqual([secret]);
    },
  );

  it('is read again when it changes, and its last content stays in force while it is gone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bowsprit-hmac-'));
    const file = join(folder, 'hmac');
    await writeFile(file, `${SECRET}\n`);
    const secrets = hmacSecretsFromFile(file);
    expect(await secrets.secretsFor('a/b')).toEqual([SECRET]);

    await writeFile(`${file}.new`, '"*": [{value: one}, {value: two}]');
    await rename(`${file}.new`, file);
    expect(await secrets.secretsFor('a/b')).toEqual(['one', 'two']);

    await rm(file);
    expect(await secrets.secretsFor('a/b')).toEqual(['one', 'two']);
    await rm(folder, { recursive: true });
  });

  test.for([
    ['a: b', ['a: b']],
    ['plain', ['plain']],
    ['"*": [{value: 12345}]', ['"*": [{value: 12345}]']],
    ['a: [: not yaml', ['a: [: not yaml']],
  ] as const)('%j is one secret', async ([text, secrets]) => {
    const folder = await mkdtemp(join(tmpdir(), 'bowsprit-hmac-'));
    await writeFile(join(folder, 'hmac'), text);

    expect(await hmacSecretsFromFile(join(folder, 'hmac')).secretsFor('a/b')).toEqual(secrets);
    await rm(folder, { recursive: true });
  });
});

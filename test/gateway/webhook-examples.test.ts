import examples from '@octokit/webhooks-examples' with { type: 'json' };
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import { deliver, openPostOffice, type PostOffice } from './post-office.ts';

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

const payloads = examples.flatMap(({ name, examples: of }) =>
  of.map((payload, index) => ({ name, index, payload })),
);

test('there are 329 of them', () => {
  expect(payloads).toHaveLength(329);
});

test.for(payloads)(
  'GitHub’s example of $name, number $index, is taken',
  async ({ name, payload }) => {
    const response = await deliver(office, name, payload);

    expect(response.statusCode).toBe(200);
  },
);

test('every example of a kind that we know has its shape', () => {
  const undecodable = office.logged.filter(({ level }) => level === 'warn');

  expect(undecodable).toEqual([]);
  expect(office.sent.length).toBeGreaterThan(80);
});

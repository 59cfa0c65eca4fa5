/**
 * A record's own value of a key. Keys are names that strangers choose (a file called `constructor`, an
 * organisation called `valueOf`), so what records inherit must not answer.
 */
export function own<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  key: string,
): Value | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

import { listOf, recordOf } from '../relocate.ts';

/** What is wrong with `gangway.allowed_api_clients` (J§4.2). */
export function allowedClientProblems(gangway: Readonly<Record<string, unknown>> | undefined) {
  const seen = new Set<string>();
  return listOf(gangway?.['allowed_api_clients']).flatMap((client, index) => {
    const problem = clientProblem(recordOf(client) ?? {}, seen);
    return problem === undefined ? [] : [{ path: [index], why: problem }];
  });
}

function clientProblem(
  client: Readonly<Record<string, unknown>>,
  seen: Set<string>,
): string | undefined {
  const gcp = recordOf(client['gcp']);
  if (gcp === undefined) return 'it names no cloud (gcp)';
  const type = String(gcp['endpoint_api_consumer_type'] ?? '');
  const number = String(gcp['endpoint_api_consumer_number'] ?? '');
  if (type !== 'PROJECT') return `its consumer type ${JSON.stringify(type)} is not PROJECT`;
  if (!/^\d+$/.test(number)) return `its consumer number ${JSON.stringify(number)} is no number`;
  if (seen.has(number)) return `the project ${number} is named twice`;
  seen.add(number);
  const filters = listOf(client['allowed_jobs_filters']);
  if (filters.length === 0) return 'it has no allowed_jobs_filters';
  return filters.some((filter) => !recordOf(filter)?.['tenant_id'])
    ? 'one of its allowed_jobs_filters has no tenant_id'
    : undefined;
}

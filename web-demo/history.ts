/** Every version of the policy that the server has published. */

import { type PolicyDocument, PolicyHistory, type Subrosa } from '../wasm/web.ts';

async function json<T>(path: string): Promise<T> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

export async function openHistory({ consent }: Subrosa): Promise<PolicyHistory> {
  const versions = new PolicyHistory();
  for (const { hash } of await json<{ hash: string }[]>('/subrosa/policies'))
    versions.add(consent.parsePolicy(await json<PolicyDocument>(`/subrosa/policies/${hash}`)));
  return versions;
}

/** Every version of the policy that the server has published. */

import { type PolicyDocument, PolicyHistory, type Subrosa } from '../wasm/web.ts';
import { json } from './fetch.ts';

export async function openHistory({ consent }: Subrosa): Promise<PolicyHistory> {
  const versions = new PolicyHistory();
  for (const { hash } of await json<{ hash: string }[]>('/subrosa/policies'))
    versions.add(consent.parsePolicy(await json<PolicyDocument>(`/subrosa/policies/${hash}`)));
  return versions;
}

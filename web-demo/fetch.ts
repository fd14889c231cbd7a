/** What the demo's own server answers in JSON; rejects with its reason where it refuses. */
export async function json<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? body.reason ?? String(response.status));
  return body as T;
}

/** Doing what can be done where something fails. */

/** Nothing where it failed. */
export const attempted = <T>(work: () => Promise<T>): Promise<T | undefined> => work().catch(() => undefined);

/** Does one after the other, whatever fails of it; throws what failed once all was tried. */
export async function attemptAll(works: readonly (() => Promise<unknown>)[], what: string): Promise<void> {
  const failures: unknown[] = [];
  for (const work of works) await work().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, what);
}

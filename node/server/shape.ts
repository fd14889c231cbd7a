/** What JSON from outside must look like, put together from small checks. */

export type Check = (value: unknown) => boolean;

export const any: Check = () => true;
export const text = (value: unknown): value is string => typeof value === 'string';
export const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
export const object = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const matching =
  (pattern: RegExp): Check =>
  (value) =>
    text(value) && pattern.test(value);

export const oneOf =
  (values: readonly string[]): Check =>
  (value) =>
    text(value) && values.includes(value);

export const listOf =
  (check: Check, least = 0): Check =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.every(check);

export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** An object with these members and, unless it may have more, no others. */
export const shape =
  (members: Record<string, Check>, mayHaveMore = false): Check =>
  (value) =>
    object(value) &&
    (mayHaveMore || Object.keys(value).every((name) => Object.hasOwn(members, name))) &&
    Object.entries(members).every(([name, check]) => check(value[name]));

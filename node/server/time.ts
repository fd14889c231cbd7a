/** Times as the records write them, and ISO 8601 durations by the calendar, in UTC. */

export function isoTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

const duration = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const day = 86_400_000;

/** A time some duration later. A month from the 31st ends at the last day of a shorter one. */
export function addDuration(time: number, text: string): number {
  const parts = duration.exec(text);
  if (!parts || text.length < 3) throw new TypeError('not an ISO 8601 duration');
  const [years, months, weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0)) as number[];
  const date = new Date(time);
  const target = date.getUTCMonth() + years! * 12 + months!;
  const last = new Date(Date.UTC(date.getUTCFullYear(), target + 1, 0)).getUTCDate();
  const dayOfMonth = Math.min(date.getUTCDate(), last);
  const start = Date.UTC(date.getUTCFullYear(), target, dayOfMonth) + (time - Math.floor(time / day) * day);
  return start + (weeks! * 7 + days!) * day + ((hours! * 60 + minutes!) * 60 + seconds!) * 1000;
}

/** The start of the day: what is to be gone by a time is gone by then. */
export function startOfDay(time: number): number {
  return Math.floor(time / day) * day;
}

const firstRetry = 60_000;
const lastRetry = day;

/** How long to wait after so many attempts that failed. */
export function retryDelay(attempts: number): number {
  return Math.min(lastRetry, firstRetry * 2 ** (attempts - 1));
}

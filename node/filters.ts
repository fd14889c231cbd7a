/**
 * Redaction where data passes in Node: bodies of requests in Express and Fastify, lines of pino.
 *
 *   app.use(express.json(), redactBody(subrosa));                    // Express
 *   app.addHook('preHandler', redactBodyHook(subrosa));              // Fastify
 *   const log = pino({ hooks: { streamWrite: redactLine(subrosa) } }) // pino 9.1 and later
 */

import type { JsonFinding, JsonOptions, Redactor, RedactorOptions, Subrosa } from '../js/src/index.ts';

export type FilterOptions = JsonOptions &
  RedactorOptions & {
    redactor?: Redactor;
    /** Gets what was found in a request or line, when there was anything. */
    onFindings?: (findings: JsonFinding[]) => void;
  };

interface WithBody {
  body?: unknown;
}

/** What pino says about a line, not what the line says. */
const pinoKeys = ['level', 'time', 'pid', 'hostname'];

function redact(subrosa: Subrosa, value: unknown, { onFindings, ...options }: FilterOptions): unknown {
  const { value: redacted, findings } = subrosa.redactJson(value, options);
  if (findings.length > 0) onFindings?.(findings);
  return redacted;
}

/** Express: goes behind the body parser. The handlers after it see the redacted body alone. */
export function redactBody(subrosa: Subrosa, options: FilterOptions = {}) {
  return (request: WithBody, _response: unknown, next: (error?: unknown) => void): void => {
    try {
      if (request.body !== undefined) request.body = redact(subrosa, request.body, options);
    } catch (error) {
      next(error); // the request goes no further
      return;
    }
    next();
  };
}

/** Fastify: a hook for `preHandler`, or for `preValidation` to validate what was redacted. */
export function redactBodyHook(subrosa: Subrosa, options: FilterOptions = {}) {
  return async (request: WithBody): Promise<void> => {
    if (request.body !== undefined) request.body = redact(subrosa, request.body, options);
  };
}

/** pino: the last step before a line is written, so that messages, objects, errors and bindings all pass it. */
export function redactLine(subrosa: Subrosa, options: FilterOptions = {}) {
  const skipKeys = [...pinoKeys, ...(options.skipKeys ?? [])];
  return (line: string): string => {
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      return String(redact(subrosa, line, options)); // of a formatter of the user's own
    }
    return `${JSON.stringify(redact(subrosa, record, { ...options, skipKeys }))}\n`;
  };
}

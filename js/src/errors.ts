import { errorTable } from '../../build/generated/tables.ts';

export type ErrorCode = (typeof errorTable)[number]['id'];

/** A failure of the core. Its message is made of the code and the place, never of the input. */
export class SubrosaError extends Error {
  override readonly name = 'SubrosaError';
  readonly code: ErrorCode;
  /** A byte offset in the input; 0 where there is none. */
  readonly at: number;
  /** A JSON pointer, a rule's id and field, or the reason why something is not permitted; may be empty. */
  readonly where: string;

  constructor(code: number | ErrorCode, at = 0, where = '') {
    const entry = typeof code === 'number' ? errorTable[code - 1] : errorTable.find((row) => row.id === code);
    const place = where ? ` (${where})` : at ? ` (byte ${at})` : '';
    super(`${entry?.text ?? 'The core failed.'}${place}`);
    this.code = entry?.id ?? 'bad_argument';
    this.at = at;
    this.where = where;
  }
}

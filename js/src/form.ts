/**
 * Redaction of form data: fields are redacted with their names as context, and stay in their order.
 *
 *   const { form, findings } = redactForm(subrosa, new FormData(element), { vault, files: 'drop' });
 */

import { SubrosaError } from './errors.ts';
import type { Subrosa } from './index.ts';
import type { JsonFinding, JsonOptions } from './json.ts';
import type { Redactor, RedactorOptions } from './redact.ts';

export interface FormOptions extends JsonOptions {
  /**
   * What becomes of files, whose contents are not looked at: dropped, or kept under a redacted name. A form with files is
   * refused (`bad_argument`) where this is not said.
   */
  files?: 'drop' | 'keep';
}

export interface RedactedForm<T extends FormData | URLSearchParams> {
  form: T;
  /** `pointer` names the field, `/email`; for one in a file's name too. */
  findings: JsonFinding[];
}

type Field = Record<string, string>;

/** What it was given stays as it is. */
export function redactForm<T extends FormData | URLSearchParams>(
  subrosa: Pick<Subrosa, 'redactJson'>,
  given: T,
  { files, ...options }: FormOptions & RedactorOptions & { redactor?: Redactor } = {},
): RedactedForm<T> {
  const entries = [...(given as FormData).entries()].filter(([name, value]) => {
    if (typeof value !== 'string' && files === undefined) throw new SubrosaError('bad_argument', 0, `/${name}`);
    return typeof value === 'string' || files === 'keep';
  });
  // A computed name is one of the object's own, also __proto__.
  const fields: Field[] = entries.map(([name, value]) => ({ [name]: typeof value === 'string' ? value : value.name }));
  // A list, because fields may have the same name; for callers a form is an object.
  const { value, findings } = subrosa.redactJson(fields, { ...options, paths: options.paths?.map((path) => `/*${path}`) ?? [] });
  const form = given instanceof URLSearchParams ? new URLSearchParams() : new FormData();
  for (const [i, field] of value.entries()) {
    const [name, text] = Object.entries(field)[0] as [string, string];
    const was = entries[i]?.[1];
    if (form instanceof URLSearchParams || !(was instanceof File)) form.append(name, text);
    else form.append(name, new File([was], text, { type: was.type, lastModified: was.lastModified }));
  }
  return { form: form as T, findings: findings.map((finding) => ({ ...finding, pointer: finding.pointer.replace(/^\/\d+/, '') })) };
}

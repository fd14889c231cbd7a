/** What language models and editors make of placeholders: which of it is restored, and which must not be. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { subrosa, type Vault } from './api.ts';

const mail = 'ann@example.org';
const other = 'bob@example.org';
const phone = '+1 415 555 2671';

function session(): Vault {
  const vault = subrosa.vault();
  const { text } = subrosa.redact(`${mail} ${other} ${phone}`, { vault });
  assert.equal(text, '[EMAIL_ADDRESS_1] [EMAIL_ADDRESS_2] [PHONE_NUMBER_1]');
  return vault;
}

/** What comes in, and what must come out; '@' stands for the first address, '#' for the telephone number. */
const restored: [string, string][] = [
  // As given out
  ['[EMAIL_ADDRESS_1]', '@'],
  ['[EMAIL_ADDRESS_1][PHONE_NUMBER_1]', '@#'],
  ['mail to [EMAIL_ADDRESS_1].', 'mail to @.'],
  ['邮件发到[EMAIL_ADDRESS_1]吧', '邮件发到@吧'],
  // Case
  ['[email_address_1]', '@'],
  ['[Email_Address_1]', '@'],
  ['[eMAIL_aDDRESS_1]', '@'],
  // Separators, spaces and line breaks inside
  ['[EMAIL ADDRESS 1]', '@'],
  ['[EMAIL-ADDRESS-1]', '@'],
  ['[EMAIL ADDRESS_1]', '@'],
  ['[Email Address 1]', '@'],
  ['[EmailAddress1]', '@'],
  ['[EMAIL_ADDRESS #1]', '@'],
  ['[ EMAIL_ADDRESS_1 ]', '@'],
  ['[EMAIL_ADDRESS_1 ]', '@'],
  ['[EMAIL_ADDRESS_\n1]', '@'],
  ['[EMAIL_\nADDRESS_1]', '@'],
  ['[\nEMAIL_ADDRESS_1\n]', '@'],
  ['[EMAIL\u00a0ADDRESS\u00a01]', '@'],
  ['[EMAIL\u200b_ADDRESS_1]', '@'],
  // Missing brackets
  ['EMAIL_ADDRESS_1', '@'],
  ['to EMAIL_ADDRESS_1.', 'to @.'],
  ['to EMAIL_ADDRESS_1, now', 'to @, now'],
  ['[EMAIL_ADDRESS_1 now', '@ now'],
  ['EMAIL_ADDRESS_1] now', '@ now'],
  ['[email_address_1 now', '@ now'],
  ['(EMAIL_ADDRESS_1)', '(@)'],
  // Doubled and other brackets
  ['[[EMAIL_ADDRESS_1]]', '@'],
  ['[[[EMAIL_ADDRESS_1]]]', '@'],
  ['{EMAIL_ADDRESS_1}', '@'],
  ['{{EMAIL_ADDRESS_1}}', '@'],
  ['{[EMAIL_ADDRESS_1]}', '@'],
  ['<EMAIL_ADDRESS_1>', '@'],
  ['<[EMAIL_ADDRESS_1]>', '@'],
  ['([EMAIL_ADDRESS_1])', '(@)'],
  ['【EMAIL_ADDRESS_1】', '@'],
  ['「EMAIL_ADDRESS_1」', '@'],
  ['〔EMAIL_ADDRESS_1〕', '@'],
  ['⟦EMAIL_ADDRESS_1⟧', '@'],
  // Full-width forms
  ['［EMAIL_ADDRESS_1］', '@'],
  ['［ＥＭＡＩＬ＿ＡＤＤＲＥＳＳ＿１］', '@'],
  ['[EMAIL_ADDRESS_１]', '@'],
  // Escapes and encodings
  ['\\[EMAIL_ADDRESS_1\\]', '@'],
  ['[EMAIL\\_ADDRESS\\_1]', '@'],
  ['\\[EMAIL\\_ADDRESS\\_1\\]', '@'],
  ['EMAIL\\_ADDRESS\\_1', '@'],
  ['mailto:%5BEMAIL_ADDRESS_1%5D', 'mailto:@'],
  ['&#91;EMAIL_ADDRESS_1&#93;', '@'],
  ['&lt;EMAIL_ADDRESS_1&gt;', '@'],
  // Markdown
  ['`[EMAIL_ADDRESS_1]`', '`@`'],
  ['`EMAIL_ADDRESS_1`', '`@`'],
  ['**[EMAIL_ADDRESS_1]**', '**@**'],
  ['[**EMAIL_ADDRESS_1**]', '@'],
  ['[`EMAIL_ADDRESS_1`]', '@'],
  ['_EMAIL_ADDRESS_1_', '_@_'],
  ['[[EMAIL_ADDRESS_1]](mailto:[EMAIL_ADDRESS_1])', '[@](mailto:@)'],
  ['| [EMAIL_ADDRESS_1] | [PHONE_NUMBER_1] |', '| @ | # |'],
  ['"[EMAIL_ADDRESS_1]"', '"@"'],
  // Genitives and plurals
  ["[EMAIL_ADDRESS_1]'s", "@'s"],
  ['[EMAIL_ADDRESS_1]s', '@s'],
  ["[EMAIL_ADDRESS_1's]", '@'],
  ["EMAIL_ADDRESS_1's", "@'s"],
  // Lists in one pair of brackets
  ['[EMAIL_ADDRESS_1, PHONE_NUMBER_1]', '[@, #]'],
  ['[EMAIL_ADDRESS_1 and PHONE_NUMBER_1]', '[@ and #]'],
  // Translated labels
  ['[E-Mail-Adresse 1]', '@'],
  ['[E-MAIL-ADRESSE_1]', '@'],
  ['[Telefonnummer_1]', '#'],
  ['[Adresse e-mail 1]', '@'],
  ['[Adresse électronique 1]', '@'],
  ['[ADRESSE ÉLECTRONIQUE 1]', '@'],
  ['[Numéro de téléphone 1]', '#'],
  ['[Correo electrónico 1]', '@'],
  ['[Número de teléfono 1]', '#'],
  ['[邮箱_1]', '@'],
  ['[邮箱地址1]', '@'],
  ['【电话号码1】', '#'],
  ['［手机号_1］', '#'],
];

/** What must stay as it is; those that name an entity are reported. */
const left: [text: string, unknown: string[]][] = [
  ['[EMAIL_ADDRESS_3]', ['[EMAIL_ADDRESS_3]']],
  ['[EMAIL_ADDRESS_10]', ['[EMAIL_ADDRESS_10]']],
  ['[EMAIL_ADDRESS_12]', ['[EMAIL_ADDRESS_12]']],
  ['[PERSON_1]', ['[PERSON_1]']],
  ['[姓名_1]', ['[姓名_1]']],
  ['EMAIL_ADDRESS_7', ['EMAIL_ADDRESS_7']],
  ['[EMAIL_ADDRESS_0]', []],
  ['[EMAIL_ADDRESS_01]', []],
  ['[EMAIL_ADDRESS]', []],
  ['[EMAIL_ADDRESS_]', []],
  ['[EMAIL_ADDRESS_X]', []],
  ['[EMAIL_ADRESS_1]', []],
  ['[EMAIL_ADDRESSES_1]', []],
  ['[FIGURE_1]', []],
  ['[1]', []],
  ['email address 1', []],
  ['my email_address_1 variable', []],
  ['e-mail address 1 of 3', []],
  ['E-Mail-Adresse 1', []],
  ['邮箱1', []],
  ['MY_EMAIL_ADDRESS_1', []],
  ['EMAIL_ADDRESS_1X', []],
  ['EMAIL_ADDRESS_1_OLD', []],
  ['EMAIL_ADDRESS_ONE', []],
  ['[EMAIL_ADDRESS_一]', []],
  ['[email address one]', []],
  ['[the email address 1 of you]', []],
];

test('what is still a placeholder is restored', () => {
  const vault = session();
  assert.ok(restored.length >= 60);
  for (const [text, expected] of restored) {
    const out = vault.restore(text);
    assert.equal(out.text, expected.replaceAll('@', mail).replaceAll('#', phone), text);
    assert.ok(out.restored >= 1 && out.unknown.length === 0, text);
  }
  vault.free();
});

test('a mangled placeholder that comes in two pieces is restored as the whole is, for every cut', () => {
  const vault = session();
  for (const text of [...restored, ...left].map(([given]) => `so ${given} it`)) {
    const expected = vault.restore(text);
    for (let at = 0; at <= text.length; at++) {
      const pieces = subrosa.pieceRestorer(vault);
      const parts = [pieces.push(text.slice(0, at)), pieces.push(text.slice(at)), pieces.end()];
      pieces.free();
      assert.equal(parts.map((part) => part.text).join(''), expected.text, `${text} at ${at}`);
      assert.deepEqual(
        parts.flatMap(({ unknown }) => unknown),
        expected.unknown,
        `${text} at ${at}`,
      );
    }
  }
  vault.free();
});

test('what is none is left alone, and what names an entity is reported', () => {
  const vault = session();
  for (const [text, unknown] of left) assert.deepEqual(vault.restore(text), { text, restored: 0, unknown }, text);
  vault.free();
});

test('what a value holds is not restored again, and is put in as it is', () => {
  const vault = subrosa.vault();
  const scanner = subrosa.scanner({ deny: { TRICK: ['x $& $1 [TRICK_2] TRICK_1', 'second'] }, entities: ['TRICK'] });
  const redactor = subrosa.redactor({}, scanner);
  const text = 'a x $& $1 [TRICK_2] TRICK_1 b second c';
  const sent = redactor.redact(text, { vault });
  assert.ok(!sent.text.includes('second') && !sent.text.includes('$&'));
  assert.equal(vault.restore(sent.text).text, text);
  redactor.free();
  scanner.free();
  vault.free();
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { redactForm, subrosa } from './api.ts';

test('a form keeps its fields and their order; names are context, equal names stay two', () => {
  const given = new FormData();
  given.append('email', 'ann@example.org');
  given.append('ssn', '536228145');
  given.append('7', 'nothing');
  given.append('email', 'bob@example.org');
  given.append('__proto__', 'call +1 415 555 2671');
  given.append('note', 'ask ann@example.org');
  const vault = subrosa.vault();
  const { form, findings } = redactForm(subrosa, given, { vault });
  assert.deepEqual(
    [...form],
    [
      ['email', '[EMAIL_ADDRESS_1]'],
      ['ssn', '[US_SSN_1]'],
      ['7', 'nothing'],
      ['email', '[EMAIL_ADDRESS_2]'],
      ['__proto__', 'call [PHONE_NUMBER_1]'],
      ['note', 'ask [EMAIL_ADDRESS_1]'],
    ],
  );
  assert.deepEqual(
    findings.map(({ pointer, entity }) => `${pointer} ${entity}`),
    ['/email EMAIL_ADDRESS', '/ssn US_SSN', '/email EMAIL_ADDRESS', '/__proto__ PHONE_NUMBER', '/note EMAIL_ADDRESS'],
  );
  assert.equal(given.get('ssn'), '536228145');
  assert.equal(vault.restore(String(form.get('note'))).text, 'ask ann@example.org');
  vault.free();
});

test('a form has the options of JSON: hidden keys and paths, skipped keys, operators', () => {
  const given = new URLSearchParams('password=x&name=Ann&to=ann%40example.org&cc=bob%40example.org');
  const { form, findings } = redactForm(subrosa, given, {
    keys: ['password'],
    paths: ['/name'],
    skipKeys: ['cc'],
    operator: 'mask',
  });
  assert.ok(form instanceof URLSearchParams);
  assert.deepEqual(
    [...form],
    [
      ['password', '[REDACTED]'],
      ['name', '[REDACTED]'],
      ['to', '***@*******.***'],
      ['cc', 'bob@example.org'],
    ],
  );
  assert.deepEqual(
    findings.map(({ pointer }) => pointer),
    ['/password', '/name', '/to'],
  );
});

test('a finding in the name of a field goes too', () => {
  const { form, findings } = redactForm(subrosa, new URLSearchParams([['ann@example.org', 'yes']]));
  assert.deepEqual([...form], [['[EMAIL_ADDRESS_1]', 'yes']]);
  assert.equal(findings[0]?.inKey, true);
});

test('files are dropped or kept as the caller says, and a form with files is refused where nobody says', async () => {
  const given = new FormData();
  given.append('cv', new File(['of Ann'], 'ann@example.org.txt', { type: 'text/plain', lastModified: 7 }));
  given.append('note', 'hello');
  assert.throws(() => redactForm(subrosa, given), { code: 'bad_argument', where: '/cv' });
  assert.deepEqual([...redactForm(subrosa, given, { files: 'drop' }).form.keys()], ['note']);
  const { form, findings } = redactForm(subrosa, given, { files: 'keep' });
  const file = form.get('cv') as File;
  assert.ok(!file.name.includes('ann@example'));
  assert.deepEqual([file.type, file.lastModified, await file.text()], ['text/plain', 7, 'of Ann']);
  assert.equal(findings[0]?.pointer, '/cv');
});

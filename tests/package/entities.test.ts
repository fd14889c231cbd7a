import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('dist/entities.md', root), 'utf8');
const rules: { id: string; kind?: string; regions: string[]; validator?: string; source: string }[] = JSON.parse(
  readFileSync(new URL('build/generated/rules.json', root), 'utf8'),
);

test('the page of entities has every rule under each of its regions', () => {
  const headings = page.split('\n').filter((line) => line.startsWith('### '));
  for (const { id, kind, regions } of rules) {
    const heading = `### ${kind ? `${id}/${kind}` : id}`;
    assert.equal(headings.filter((line) => line === heading).length, regions.length, heading);
  }
  assert.equal(headings.length, rules.flatMap(({ regions }) => regions).length);
});

test('an entry has its validator, words, examples and source', () => {
  const start = page.indexOf('### DE_TAX_ID\n');
  const entry = page.slice(start, page.indexOf('\n### ', start));
  for (const part of ['- Validator: `de_tax_id`', '- Words: ', 'idnr', '- Finds: `', '- Ignores: `', '- Source: '])
    assert(entry.includes(part), `${part} in ${entry}`);
});

test('no code span of the page is left open', () => {
  for (const line of page.split('\n').filter((line) => /^- (Finds|Ignores)/.test(line))) {
    const runs = line.match(/`+/g) ?? [];
    let open: string | undefined;
    for (const run of runs) open = open === undefined ? run : run === open ? undefined : open;
    assert.equal(open, undefined, line);
  }
});

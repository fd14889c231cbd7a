// Rules to code: core/rules/**/*.json becomes a C++ table, TypeScript types and the page of entities.
//   node tools/gen.mjs          writes build/generated; refuses a rule with an unknown key, a taken id, or too few examples
// The examples themselves are run by the core, in tests/core/rules_test.cpp and on both backends in tests/api/rules.test.ts.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { entityPage } from './catalogue.mjs';
import { fail, inRoot, root } from './lib.mjs';
import { phonePlans } from './phones.mjs';

const ruleKeys = new Set([
  'id',
  'kind',
  'label',
  'regions',
  'category',
  'dpv',
  'patterns',
  'validator',
  'context',
  'deny_context',
  'priority',
  'finds',
  'ignores',
  'source',
]);
const patternKeys = new Set(['name', 'regex', 'prefix', 'score', 'checked', 'after', 'before', 'bounds']);
const bounds = new Set(['word', 'number', 'none']);

function jsonFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function loadRules() {
  const rules = [];
  const taken = new Map();
  for (const file of jsonFiles(inRoot('core/rules/entities'))) {
    const name = path.relative(root, file);
    const refuse = (why) => fail(`${name}: ${why}`);
    let rule;
    try {
      rule = JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      refuse(error.message);
    }
    for (const key of Object.keys(rule)) if (!ruleKeys.has(key)) refuse(`unknown key "${key}"`);
    for (const key of ['id', 'label', 'regions', 'category', 'patterns', 'finds', 'ignores', 'source'])
      if (rule[key] === undefined) refuse(`"${key}" is missing`);
    if (!/^[A-Z][A-Z0-9_]*$/.test(rule.id)) refuse('"id" must be in upper case with underscores');
    if (rule.kind !== undefined && !/^[a-z0-9][a-z0-9_]*$/.test(rule.kind)) refuse('"kind" must be in snake_case');
    const full = rule.kind ? `${rule.id}/${rule.kind}` : rule.id;
    if (taken.has(full)) refuse(`${full} is taken by ${taken.get(full)}`);
    taken.set(full, name);
    if (path.basename(file, '.json') !== (rule.kind ?? rule.id.toLowerCase()))
      refuse(`the file must be named ${rule.kind ?? rule.id.toLowerCase()}.json`);
    for (const pattern of rule.patterns) {
      for (const key of Object.keys(pattern)) if (!patternKeys.has(key)) refuse(`unknown key "${key}" in a pattern`);
      if (pattern.bounds !== undefined && !bounds.has(pattern.bounds)) refuse(`bounds must be one of ${[...bounds].join(', ')}`);
      if (!(pattern.score >= 0 && pattern.score <= 1)) refuse('a pattern needs a score from 0 to 1');
    }
    if (rule.finds.length < 3 || rule.ignores.length < 3) refuse('at least three "finds" and three "ignores"');
    for (const example of rule.finds)
      if (!example.text?.includes(example.match)) refuse(`an example's "match" is not in its "text": ${example.text}`);
    rules.push({ ...rule, file: name });
  }
  return rules;
}

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** Whether a phrase is near wherever another is: 'driving licence number' holds 'licence'. */
function covers(word, phrase) {
  if (unspaced.test(phrase)) return phrase.includes(word);
  // Two words may also be written as one, which neither of them finds.
  return phrase.split(' ').length > 2 && ` ${phrase} `.includes(` ${word} `);
}

/** The words of all languages, without those that others make needless. */
function wordsOf(byLanguage) {
  const all = [...new Set(Object.values(byLanguage).flat())];
  return all.filter((phrase) => !all.some((word) => word !== phrase && covers(word, phrase)));
}

/** What the core needs at run time: no examples, no prose, no defaults. */
function runtimeRule(rule) {
  const { finds, ignores, source, label, file, dpv, ...rest } = rule;
  for (const key of ['context', 'deny_context']) if (rest[key]) rest[key] = wordsOf(rest[key]);
  const runtimePattern = ({ checked, bounds, ...pattern }) => ({
    ...pattern,
    ...(rule.validator && checked !== 1 && { checked }),
    ...(bounds !== 'word' && { bounds }),
  });
  rest.patterns = rest.patterns.map(runtimePattern);
  return rest;
}

const kinds = ['separate', 'sensitive', 'third_party', 'cross_border', 'publication', 'public_space', 'long_retention'];
const regionKeys = ['id', 'version', 'regions', 'one_area', 'separate', 'opt_out', 'max_validity', 'ask_again', 'source'];

/** Region profiles, the strict one first: it serves every region that no other names. */
function loadRegions() {
  const taken = new Set();
  const profiles = jsonFiles(inRoot('core/rules/regions')).map((file) => {
    const refuse = (why) => fail(`${path.relative(root, file)}: ${why}`);
    const profile = JSON.parse(readFileSync(file, 'utf8'));
    if (Object.keys(profile).sort().join() !== [...regionKeys].sort().join()) refuse(`the keys must be ${regionKeys.join(', ')}`);
    for (const kind of profile.separate) if (!kinds.includes(kind)) refuse(`unknown kind "${kind}"`);
    for (const key of ['max_validity', 'ask_again']) if (!/^P[1-9][0-9]?M$/.test(profile[key])) refuse(`"${key}" must be in months`);
    for (const region of profile.regions) {
      if (!/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(region)) refuse(`"${region}" is no code of ISO 3166`);
      if (taken.has(region)) refuse(`${region} is named twice`);
      taken.add(region);
    }
    return profile;
  });
  const strict = profiles.find((profile) => profile.id === 'strict');
  if (!strict) fail('core/rules/regions: the strict profile is missing');
  return [strict, ...profiles.filter((profile) => profile !== strict)];
}

/** One Profile of core/src/consent/region.h. */
function profileRow(profile) {
  const bits = profile.separate.reduce((sum, kind) => sum | (1 << kinds.indexOf(kind)), 0);
  const period = (months) => `{${months.slice(1, -1)}, 0}`;
  const { id, version, regions, one_area, opt_out, max_validity, ask_again } = profile;
  return `    {"${id}", "${regions.join(' ')}", ${version}, ${bits}, ${period(max_validity)}, ${period(ask_again)}, ${one_area}, ${opt_out}},\n`;
}

function byteArray(name, text) {
  const bytes = Buffer.from(text, 'utf8');
  const lines = [];
  for (let i = 0; i < bytes.length; i += 32) lines.push([...bytes.subarray(i, i + 32)].join(','));
  return `inline constexpr unsigned char ${name}[] = {\n${lines.join(',\n')}};\ninline constexpr unsigned ${name}Size = ${bytes.length};\n`;
}

function write(file, text) {
  const full = inRoot(file);
  mkdirSync(path.dirname(full), { recursive: true });
  if (existsSync(full) && readFileSync(full, 'utf8') === text) return; // keeps the build incremental
  writeFileSync(full, text);
}

const errors = JSON.parse(readFileSync(inRoot('core/rules/errors.json'), 'utf8'));
const reasons = JSON.parse(readFileSync(inRoot('core/rules/reasons.json'), 'utf8'));
const regions = loadRegions();
const rules = loadRules();
const entities = [...new Set(rules.map((rule) => rule.id))].sort();
const runtime = JSON.stringify(rules.map(runtimeRule));
const abi = readFileSync(inRoot('core/include/subrosa/subrosa.h'), 'utf8');
const stamp = createHash('sha256')
  .update(runtime)
  .update(abi)
  .update(JSON.stringify([errors, reasons, regions]))
  .digest('hex')
  .slice(0, 16);
const note = '// Generated by tools/gen.mjs from core/rules. Do not edit.\n';
const camel = (id) =>
  `k${id
    .split('_')
    .map((part) => part[0].toUpperCase() + part.slice(1))
    .join('')}`;

write(
  'build/generated/error_codes.inc',
  `${note}#pragma once\n#include <cstdint>\nnamespace subrosa {\nenum class ErrorCode : uint32_t {\n  kOk = 0,\n${errors
    .map((error) => `  ${camel(error.id)},  // ${error.text}\n`)
    .join('')}};\n}\n`,
);
write(
  'build/generated/reasons.inc',
  `${note}#pragma once\n#include <cstdint>\nnamespace subrosa::consent {\nenum class Reason : uint32_t {\n${reasons
    .map(({ id, text }) => `  ${camel(id)},  // ${text.en}\n`)
    .join('')}};\ninline constexpr const char* kReasonNames[] = {\n${reasons.map(({ id }) => `    "${id}",\n`).join('')}};\n}\n`,
);
write(
  'build/generated/regions.inc',
  `${note}namespace subrosa::consent {\ninline constexpr Profile kProfiles[] = {\n${regions.map(profileRow).join('')}};\n}\n`,
);
write(
  'build/generated/rules.inc',
  `${note}#pragma once\nnamespace subrosa {\n${byteArray('kRules', runtime)}inline constexpr char kStamp[] = "${stamp}";\n}\n`,
);
write('build/generated/phones.inc', `${note}#pragma once\nnamespace subrosa {\n${byteArray('kPhones', phonePlans())}}\n`);
write(
  'build/generated/tables.ts',
  `${note}export const stamp = '${stamp}';
export const errorTable = ${JSON.stringify(errors, null, 2)} as const;
/** Why a decision is as it is, in the core's order. */
export const reasonNames = ${JSON.stringify(
    reasons.map(({ id }) => id),
    null,
    2,
  )} as const;
export type Reason = (typeof reasonNames)[number];
/** The same in words. */
export const reasonTexts: Record<Reason, { en: string; zh: string }> = ${JSON.stringify(
    Object.fromEntries(reasons.map(({ id, text }) => [id, text])),
    null,
    2,
  )};
export const entityNames = ${JSON.stringify(entities, null, 2)} as const;
/** An entity's id: Presidio's names where it has one. */
export type Entity = (typeof entityNames)[number];
`,
);
write(
  'build/generated/entities.ts',
  `${note}/** The rules with their examples, for the command line: the API has no use for them. */
export const entityTable: readonly {
  entity: string;
  kind?: string;
  label: string;
  regions: string[];
  category: string;
  validator?: string;
  finds: { text: string; match: string }[];
  ignores: string[];
}[] = ${JSON.stringify(
    rules.map(({ id, kind, label, regions, category, validator, finds, ignores }) => ({
      entity: id,
      kind,
      label,
      regions,
      category,
      validator,
      finds,
      ignores,
    })),
  )};
`,
);
write('build/generated/rules.json', JSON.stringify(rules, null, 1));
write('dist/entities.md', entityPage(rules));
process.stdout.write(`${rules.length} rules, ${entities.length} entities, stamp ${stamp}\n`);

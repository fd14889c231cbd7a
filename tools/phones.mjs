// Numbering plans of all regions, from the metadata that libphonenumber-js carries, as one compact text.
// A line a region:  region|calling code|IDD prefix|national prefix|lengths|layouts|pattern of valid numbers
import { readFileSync } from 'node:fs';
import { inRoot } from './lib.mjs';

// Fields of a country in metadata version 4.
const CODE = 0,
  IDD = 1,
  LENGTHS = 3,
  FORMATS = 4,
  PREFIX = 5,
  PREFIX_FOR_PARSING = 7,
  TRANSFORM = 8,
  TYPES = 11;
const typeNames = 10; // fixed line, mobile, toll free, premium, personal, voice mail, UAN, pager, VoIP, shared cost

// Prefixes that a region has given up and people still write.
const retired = { MX: '0(?:1|4[45])|1' };

/** Digits that are dialled before a national number, as a pattern without captures or assertions. */
function prefixPattern(region, country) {
  if (retired[region]) return retired[region];
  const parsing = country[PREFIX_FOR_PARSING];
  const plain = country[PREFIX] || '';
  if (!parsing || parsing.includes('$')) return plain;
  // Where a group is kept by a transformation, only what comes before it is dialled away.
  return country[TRANSFORM] ? plain : parsing;
}

/** "(\\d{3})(\\d{3})(\\d{4})" to "3-3-4": how many digits stand together when written. */
function layout(format) {
  const groups = [...format.matchAll(/\(([^()]*)\)/g)].map(([, group]) => group);
  return groups
    .map((group) => {
      const count = /^\\d(?:\{(\d+)(?:,(\d+))?\})?$/.exec(group);
      return count ? (count[2] ? `${count[1]}:${count[2]}` : (count[1] ?? '1')) : '1:9';
    })
    .join('-');
}

function line(region, country) {
  const types = (country[TYPES] ?? [])
    .slice(0, typeNames)
    .filter(Boolean)
    .map(([pattern]) => pattern)
    .filter(Boolean);
  const pattern = types.length > 0 ? types.join('|') : country[2];
  const layouts = [...new Set((country[FORMATS] || []).map(([format]) => layout(format)))];
  return [region, country[CODE], country[IDD], prefixPattern(region, country), country[LENGTHS].join(','), layouts.join(','), pattern].join(
    '\t',
  );
}

export function phonePlans() {
  const metadata = JSON.parse(readFileSync(inRoot('node_modules/libphonenumber-js/metadata.max.json'), 'utf8'));
  // The main region of a calling code comes first: formats of the others are kept with it.
  const order = Object.values(metadata.country_calling_codes).flat();
  for (const [main, ...others] of Object.values(metadata.country_calling_codes)) {
    for (const region of others) metadata.countries[region][FORMATS] ||= metadata.countries[main][FORMATS];
  }
  return order.map((region) => line(region, metadata.countries[region])).join('\n');
}

// The rules for readers: the page of all entities, and the data of the demo's catalogue.

const perRule = 3; // examples shown of each sort
const everywhere = '*';

/** Whether it is found without its words near it. */
function standsAlone({ patterns, validator }) {
  return patterns.some(({ score, checked = 1 }) => score >= 0.4 || (validator !== undefined && checked >= 0.4));
}

/** One entry a rule, of what a reader asks for. */
export function catalogue(rules) {
  return rules.map((rule) => {
    const { id: entity, kind, label, regions, category, validator, context = {}, finds, ignores, source } = rule;
    const words = Array.isArray(context) ? { en: context } : context;
    const alone = standsAlone(rule);
    return {
      entity,
      kind,
      label,
      regions,
      category,
      validator,
      alone,
      words,
      finds: finds.slice(0, perRule),
      ignores: ignores.slice(0, perRule),
      source,
    };
  });
}

/** A code span that may hold backticks and line feeds. */
function code(text) {
  const shown = text.replace(/\s+/g, ' ').trim();
  const fence = '`'.repeat(1 + Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length)));
  const pad = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return fence + pad + shown + pad + fence;
}

const list = (label, items) => (items.length > 0 ? `- ${label}: ${items.join(', ')}\n` : '');
const plain = (text) => text.replace(/[\\`*_[\]<>]/g, '\\$&');

function section({ entity, kind, label, category, validator, alone, words, finds, ignores, source }) {
  return `### ${kind ? `${entity}/${kind}` : entity}

${plain(label)}. ${category}; ${alone ? 'found by itself' : 'found near its words'}.

${list('Validator', validator ? [code(validator)] : [])}${list(
  'Words',
  Object.entries(words).map(([language, of]) => `${of.map(plain).join(', ')} (${language})`),
)}${list(
  'Finds',
  finds.map(({ text, match }) => (text === match ? code(text) : `${code(match)} in ${code(text)}`)),
)}${list('Ignores', ignores.map(code))}- Source: ${plain(source)}
`;
}

/** The page of all entities in Markdown, by region. */
export function entityPage(rules) {
  const entries = catalogue(rules);
  const names = new Intl.DisplayNames('en', { type: 'region' });
  const regions = [...new Set(entries.flatMap((entry) => entry.regions))].filter((region) => region !== everywhere).sort();
  const chapter = (title, region) =>
    `## ${title}\n\n${entries
      .filter((entry) => entry.regions.includes(region))
      .map(section)
      .join('\n')}`;
  const entities = new Set(entries.map(({ entity }) => entity)).size;
  return `# Entities

${entries.length} rules for ${entities} entities in ${regions.length} regions. Generated from \`core/rules/entities\` at build.

${[chapter('Everywhere', everywhere), ...regions.map((region) => chapter(`${names.of(region)} (${region})`, region))].join('\n')}`;
}
